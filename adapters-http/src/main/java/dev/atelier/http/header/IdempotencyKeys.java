package dev.atelier.http.header;

import dev.atelier.application.generate.InvalidRequestException;
import dev.atelier.domain.IdempotencyKey;
import dev.atelier.domain.InvalidValueException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads {@code Idempotency-Key} (draft-ietf-httpapi-idempotency-key-header), a string of RFC 9651
 * §3.3.3. Many clients omit the quotes.
 */
public final class IdempotencyKeys {
  public static final String HEADER = "Idempotency-Key";

  // Possessive: a greedy group recurses, which overflows the stack for a long header.
  private static final Pattern QUOTED = Pattern.compile("\"((?:[ !#-\\[\\]-~]|\\\\[\"\\\\])*+)\"");
  private static final Pattern BARE = Pattern.compile("[!-~&&[^\",;\\\\]]*");

  private IdempotencyKeys() {}

  /** Throws an {@link InvalidRequestException} if the header is malformed or repeated. */
  public static Optional<IdempotencyKey> read(List<String> headers) {
    if (headers.isEmpty()) {
      return Optional.empty();
    }
    if (headers.size() > 1) {
      throw invalid("must be given once");
    }
    String header = headers.getFirst().strip();
    Matcher quoted = QUOTED.matcher(header);
    if (!quoted.matches() && !BARE.matcher(header).matches()) {
      throw invalid("must be one string in double quotes, such as \"8e03978e-40d5\"");
    }
    String value = quoted.matches() ? quoted.group(1).replaceAll("\\\\(.)", "$1") : header;
    try {
      return Optional.of(new IdempotencyKey(value));
    } catch (InvalidValueException e) {
      throw invalid(e.getMessage());
    }
  }

  private static InvalidRequestException invalid(String message) {
    return new InvalidRequestException(HEADER, message);
  }
}
