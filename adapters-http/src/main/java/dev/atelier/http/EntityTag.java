package dev.atelier.http;

import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Names one version of what an address shows, by RFC 9110 §8.8.3.
 *
 * @param value as the {@code ETag} header has it, quotes and all
 */
record EntityTag(String value) {

  /** Of bytes that are the same whenever they are sent. */
  static EntityTag strong(String opaque) {
    return new EntityTag('"' + opaque + '"');
  }

  /** Of a meaning that is the same, in words that a later release may put differently. */
  static EntityTag weak(String opaque) {
    return new EntityTag("W/\"" + opaque + '"');
  }

  /**
   * Whether the client has this version already.
   *
   * @param ifNoneMatch the header's value; null when there is none
   */
  boolean matches(@Nullable String ifNoneMatch) {
    return ifNoneMatch != null
        && Stream.of(ifNoneMatch.split(",", -1))
            .map(String::strip)
            .anyMatch(tag -> tag.equals("*") || opaque(tag).equals(opaque(value)));
  }

  /** RFC 9110 has {@code If-None-Match} compare weakly. */
  private static String opaque(String tag) {
    return tag.startsWith("W/") ? tag.substring(2) : tag;
  }
}
