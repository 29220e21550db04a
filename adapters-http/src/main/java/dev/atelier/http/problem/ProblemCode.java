package dev.atelier.http.problem;

import dev.atelier.domain.Failure;
import java.util.Locale;

/** The codes of all error responses; a code determines the status. */
public enum ProblemCode {
  INVALID_REQUEST(400, false, "The request is not valid."),
  UNAUTHENTICATED(401, false, "The credential is missing or invalid."),
  INVALID_SIGNATURE(401, false, "The signature is missing or invalid."),
  NOT_FOUND(404, false, "The resource does not exist."),
  METHOD_NOT_ALLOWED(405, false, "This path does not support the method."),
  NOT_ACCEPTABLE(406, false, "The response is JSON, which the Accept header excludes."),
  REQUEST_TIMEOUT(408, true, "The request was not received in time."),
  /** The output was stored, but something other than this service removed it. */
  GONE(410, false, "The output was stored, but is no longer in the storage."),
  TOO_LARGE(413, false, "The body is too large."),
  URI_TOO_LONG(414, false, "The URL is too long."),
  UNSUPPORTED_MEDIA_TYPE(415, false, "The body must be application/json in UTF-8."),
  UNSUPPORTED_CONTENT_ENCODING(415, false, "The body must not be compressed."),
  RANGE_NOT_SATISFIABLE(416, false, "The range is outside the output."),
  REJECTED_BY_PROVIDER(422, false, Failure.Code.REJECTED_BY_PROVIDER.message()),
  CONTENT_POLICY(422, false, Failure.Code.CONTENT_POLICY.message()),
  IDEMPOTENCY_KEY_REUSED(422, false, "This Idempotency-Key was used before with another body."),
  UNUSABLE_FILE(422, false, "The file cannot be used as an input."),
  MODEL_OFFLINE(422, false, "The provider reports that this model is offline."),
  INPUT_NOT_FOUND(422, false, "A file that the request uses as an input does not exist."),
  UNREACHABLE_INPUT(
      422,
      false,
      "The provider cannot fetch files from this service. APP_URL must be a public URL, or"
          + " BLOB_STORE a bucket."),
  QUOTA_EXCEEDED(429, true, "Too many generations are active. Wait until one of them has ended."),
  BUDGET_EXCEEDED(429, true, "The budget of this day does not allow this generation."),
  UPLOAD_LIMIT_REACHED(429, true, "The daily limit of uploads is reached."),
  RATE_LIMITED(429, true, "Too many requests. Wait before sending the next one."),
  PROVIDER_BUSY(429, true, Failure.Code.PROVIDER_BUSY.message()),
  HEADERS_TOO_LARGE(431, false, "The headers are too large."),
  INTERNAL_ERROR(500, false, "The service failed because of an internal error."),
  UNREADABLE_GENERATION(
      500, false, "This generation is stored, but this version of the service cannot read it."),
  PROVIDER_UNAVAILABLE(502, true, Failure.Code.PROVIDER_UNAVAILABLE.message()),
  UNAVAILABLE(503, true, "The service is temporarily unavailable. Please try again.");

  private final int status;
  private final boolean retryable;
  private final String sentence;

  ProblemCode(int status, boolean retryable, String sentence) {
    this.status = status;
    this.retryable = retryable;
    this.sentence = sentence;
  }

  /** The code for a request that Skytells did not accept. */
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

  /** The code for a status that Jetty or Javalin set. */
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

  public String value() {
    return name().toLowerCase(Locale.ROOT);
  }

  public int status() {
    return status;
  }

  /** Whether the same request may succeed later and can safely be repeated. */
  public boolean retryable() {
    return retryable;
  }

  /** The default {@code detail}. */
  String sentence() {
    return sentence;
  }
}
