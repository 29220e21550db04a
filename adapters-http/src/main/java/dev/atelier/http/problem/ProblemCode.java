package dev.atelier.http.problem;

import dev.atelier.domain.Failure;
import java.util.Locale;

/** Everything that may be wrong with a request or with us, as clients are told it. */
public enum ProblemCode {
  INVALID_REQUEST(400, false, "The request is not valid."),
  UNAUTHENTICATED(401, false, "A credential is missing or wrong."),
  INVALID_SIGNATURE(401, false, "The signature is missing or wrong."),
  NOT_FOUND(404, false, "There is nothing at this address."),
  METHOD_NOT_ALLOWED(405, false, "This address does not take that method."),
  NOT_ACCEPTABLE(406, false, "The answer would be JSON, which the Accept header excludes."),
  REQUEST_TIMEOUT(408, true, "The request took too long to arrive."),
  /** What was stored has been removed from the storage, by others than us. */
  GONE(410, false, "This was stored, and is not in the storage any more."),
  TOO_LARGE(413, false, "The body is too large."),
  URI_TOO_LONG(414, false, "The address is too long."),
  UNSUPPORTED_MEDIA_TYPE(415, false, "The body must be application/json in UTF-8."),
  UNSUPPORTED_CONTENT_ENCODING(415, false, "The body must not be compressed."),
  RANGE_NOT_SATISFIABLE(416, false, "Nothing of the range that was asked for is there."),
  REJECTED_BY_PROVIDER(422, false, Failure.Code.REJECTED_BY_PROVIDER.sentence()),
  CONTENT_POLICY(422, false, Failure.Code.CONTENT_POLICY.sentence()),
  IDEMPOTENCY_KEY_REUSED(422, false, "This Idempotency-Key was used before, for something else."),
  QUOTA_EXCEEDED(429, true, "Too many generations are active. Wait until one of them has ended."),
  RATE_LIMITED(429, true, "Too many requests. Wait for a moment before the next one."),
  PROVIDER_BUSY(429, true, Failure.Code.PROVIDER_BUSY.sentence()),
  HEADERS_TOO_LARGE(431, false, "The headers are too large."),
  INTERNAL_ERROR(500, false, "Something went wrong on our side."),
  UNREADABLE_GENERATION(
      500, false, "This generation is stored, but this version of the service cannot read it."),
  PROVIDER_UNAVAILABLE(502, true, Failure.Code.PROVIDER_UNAVAILABLE.sentence()),
  UNAVAILABLE(503, true, "The service is not available at the moment. Please try again.");

  private final int status;
  private final boolean retryable;
  private final String sentence;

  ProblemCode(int status, boolean retryable, String sentence) {
    this.status = status;
    this.retryable = retryable;
    this.sentence = sentence;
  }

  /** Why Skytells did not take a request on. */
  public static ProblemCode of(Failure.Code code) {
    return switch (code) {
      case REJECTED_BY_PROVIDER -> REJECTED_BY_PROVIDER;
      case CONTENT_POLICY -> CONTENT_POLICY;
      case PROVIDER_BUSY -> PROVIDER_BUSY;
      case PROVIDER_UNAVAILABLE,
          GENERATION_FAILED,
          NO_OUTPUT,
          UNREADABLE_OUTPUT,
          SUBMISSION_UNCONFIRMED,
          TIMED_OUT,
          OUTPUT_EXPIRED,
          OUTPUT_REJECTED ->
          PROVIDER_UNAVAILABLE;
    };
  }

  /** What a status means that the server came upon by itself. */
  static ProblemCode of(int status) {
    return switch (status) {
      case 404 -> NOT_FOUND;
      case 405 -> METHOD_NOT_ALLOWED;
      case 406 -> NOT_ACCEPTABLE;
      case 408 -> REQUEST_TIMEOUT;
      case 413 -> TOO_LARGE;
      case 414 -> URI_TOO_LONG;
      case 415 -> UNSUPPORTED_MEDIA_TYPE;
      case 431 -> HEADERS_TOO_LARGE;
      case 501, 505 -> INVALID_REQUEST;
      case 503 -> UNAVAILABLE;
      default -> status < 500 ? INVALID_REQUEST : INTERNAL_ERROR;
    };
  }

  /** The stable name in JSON. */
  public String value() {
    return name().toLowerCase(Locale.ROOT);
  }

  public int status() {
    return status;
  }

  /** Whether the same request may succeed later, and does no harm when it is sent again. */
  public boolean retryable() {
    return retryable;
  }

  /** What a client is told, in a sentence, where nothing more particular is known. */
  String sentence() {
    return sentence;
  }
}
