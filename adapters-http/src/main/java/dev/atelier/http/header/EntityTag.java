package dev.atelier.http.header;

import com.fasterxml.jackson.databind.JsonNode;
import dev.atelier.http.request.Json;
import dev.atelier.http.request.Sha256;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Identifies one version of a response (RFC 9110 §8.8.3).
 *
 * @param value with quotes
 */
public record EntityTag(String value) {

  public static EntityTag strong(String opaque) {
    return new EntityTag('"' + opaque + '"');
  }

  public static EntityTag of(JsonNode json) {
    return strong(HexFormat.of().formatHex(Sha256.digest(Json.bytes(json)), 0, 12));
  }

  public String opaque() {
    return value.substring(1, value.length() - 1);
  }

  /** Weak comparison, as RFC 9110 §13.1.2 requires. */
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
