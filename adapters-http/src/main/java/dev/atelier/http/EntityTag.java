package dev.atelier.http;

import com.fasterxml.jackson.databind.JsonNode;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
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

  /** Of JSON, which is the same as long as every member of it is. */
  static EntityTag of(JsonNode json) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(Json.bytes(json));
      return strong(HexFormat.of().formatHex(digest, 0, 12));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** What is between the quotes. */
  String opaque() {
    return value.substring(1, value.length() - 1);
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
            .anyMatch(tag -> tag.equals("*") || unweakened(tag).equals(value));
  }

  /** RFC 9110 has {@code If-None-Match} compare weakly. */
  private static String unweakened(String tag) {
    return tag.startsWith("W/") ? tag.substring(2) : tag;
  }
}
