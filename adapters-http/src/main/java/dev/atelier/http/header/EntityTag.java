package dev.atelier.http.header;

import com.fasterxml.jackson.databind.JsonNode;
import dev.atelier.http.request.Json;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Identifies one version of a response (RFC 9110 §8.8.3).
 *
 * @param value of the {@code ETag} header, with quotes
 */
public record EntityTag(String value) {

  public static EntityTag strong(String opaque) {
    return new EntityTag('"' + opaque + '"');
  }

  public static EntityTag of(JsonNode json) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(Json.bytes(json));
      return strong(HexFormat.of().formatHex(digest, 0, 12));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  public String opaque() {
    return value.substring(1, value.length() - 1);
  }

  /** Whether the client already has this version; weak comparison, as RFC 9110 §13.1.2 requires. */
  public boolean matches(@Nullable String ifNoneMatch) {
    return ifNoneMatch != null
        && Stream.of(ifNoneMatch.split(",", -1))
            .map(String::strip)
            .anyMatch(tag -> tag.equals("*") || withoutWeakPrefix(tag).equals(value));
  }

  private static String withoutWeakPrefix(String tag) {
    return tag.startsWith("W/") ? tag.substring(2) : tag;
  }
}
