package dev.atelier.domain;

/**
 * Why a generation failed.
 *
 * @param diagnostic for the operator: text of the provider, truncated to {@value
 *     #MAX_DIAGNOSTIC_LENGTH} characters; never shown to clients or logged, because it may quote a
 *     prompt
 */
public record Failure(Code code, String diagnostic) {
  public static final int MAX_DIAGNOSTIC_LENGTH = 500;

  /** PostgreSQL cannot store NUL characters. */
  public Failure {
    diagnostic = diagnostic.replace("\0", "");
    if (diagnostic.length() > MAX_DIAGNOSTIC_LENGTH) {
      diagnostic = diagnostic.substring(0, MAX_DIAGNOSTIC_LENGTH);
    }
  }

  public enum Code {
    GENERATION_FAILED("generation_failed", "The provider could not finish this generation."),
    /** The prediction succeeded without output. */
    NO_OUTPUT("no_output", "The provider finished without a result."),
    /** The prediction succeeded, but no result could be found in its output. */
    UNREADABLE_OUTPUT("unreadable_output", "The provider returned a result that cannot be read."),
    REJECTED_BY_PROVIDER("rejected_by_provider", "The provider did not accept this request."),
    CONTENT_POLICY("content_policy", "The provider's content policy does not allow this request."),
    PROVIDER_BUSY("provider_busy", "The provider is busy. Please try again in a moment."),
    /** The provider was unreachable or rejected the account (key, credits). */
    PROVIDER_UNAVAILABLE(
        "provider_unavailable", "The provider is not available. Please try again later."),
    /** The outcome of the create call stayed unknown. */
    SUBMISSION_UNCONFIRMED(
        "submission_unconfirmed", "The provider never confirmed this generation."),
    /** The prediction did not end in time. */
    TIMED_OUT("timed_out", "The generation took too long."),
    OUTPUT_EXPIRED("output_expired", "The result expired before it could be stored."),
    /** An output has a forbidden size or URL, or is no result. */
    OUTPUT_REJECTED("output_rejected", "The provider returned a result that cannot be stored.");

    private final String value;
    private final String message;

    Code(String value, String sentence) {
      this.value = value;
      this.message = sentence;
    }

    public String value() {
      return value;
    }

    /** Whether the same request may succeed later. */
    public boolean isTemporary() {
      return this == PROVIDER_BUSY || this == PROVIDER_UNAVAILABLE;
    }

    public String message() {
      return message;
    }
  }
}
