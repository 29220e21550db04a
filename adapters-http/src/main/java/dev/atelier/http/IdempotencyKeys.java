package dev.atelier.http;

import dev.atelier.application.InvalidRequestException;
import dev.atelier.application.InvalidRequestException.FieldError;
import dev.atelier.domain.IdempotencyKey;
import dev.atelier.domain.InvalidValueException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The {@code Idempotency-Key} header of draft-ietf-httpapi-idempotency-key-header: a string as RFC
 * 9651 §3.3.3 has it, {@code "8e03978e-40d5"}. Many clients leave the quotes out; that is the same
 * key.
 */
final class IdempotencyKeys {
  static final String HEADER = "Idempotency-Key";

  // Possessive, since what may be given back is matched by recursion: a long header would overflow.
  private static final Pattern QUOTED = Pattern.compile("\"((?:[ !#-\\[\\]-~]|\\\\[\"\\\\])*+)\"");
  private static final Pattern BARE = Pattern.compile("[!-~&&[^\",;\\\\]]*");

  private IdempotencyKeys() {}

  /**
   * The key that the client names, if any.
   *
   * @param headers every value of the header
   * @throws InvalidRequestException when it is there and none, or there twice
   */
  static Optional<IdempotencyKey> read(List<String> headers) {
    if (headers.isEmpty()) {
      return Optional.empty();
    }
    if (headers.size() > 1) {
      throw refused("must be given once");
    }
    String header = headers.getFirst().strip();
    Matcher quoted = QUOTED.matcher(header);
    if (!quoted.matches() && !BARE.matcher(header).matches()) {
      throw refused("must be one string in double quotes, such as \"8e03978e-40d5\"");
    }
    String value = quoted.matches() ? quoted.group(1).replaceAll("\\\\(.)", "$1") : header;
    try {
      return Optional.of(new IdempotencyKey(value));
    } catch (InvalidValueException e) {
      throw refused(e.getMessage());
    }
  }

  private static InvalidRequestException refused(String message) {
    return new InvalidRequestException(List.of(new FieldError(HEADER, message)));
  }
}
