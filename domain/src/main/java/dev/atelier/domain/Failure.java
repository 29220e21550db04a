package dev.atelier.domain;

/**
 * Why a generation failed.
 *
 * @param code what clients are told
 * @param diagnostic what the operator may read beside it: upstream's own words, cut to {@value
 *     #MAX_DIAGNOSTIC_LENGTH} characters; never shown to a client and never logged, since it may
 *     quote a prompt
 */
public record Failure(Code code, String diagnostic) {
  /** The most characters of a diagnostic that are kept. */
  public static final int MAX_DIAGNOSTIC_LENGTH = 500;

  /** Cuts the diagnostic, and takes out what a database cannot hold. */
  public Failure {
    diagnostic = diagnostic.replace("\0", "");
    if (diagnostic.length() > MAX_DIAGNOSTIC_LENGTH) {
      diagnostic = diagnostic.substring(0, MAX_DIAGNOSTIC_LENGTH);
    }
  }

  /** The closed list of reasons. */
  public enum Code {
    /** Skytells began and could not finish. */
    GENERATION_FAILED("generation_failed", "The provider could not finish this generation."),
    /** Skytells says it succeeded, but left no output. */
    NO_OUTPUT("no_output", "The provider finished without a result."),
    /** Skytells says it succeeded, and its output has a form in which no result can be found. */
    UNREADABLE_OUTPUT("unreadable_output", "The provider returned a result that cannot be read."),
    /** Skytells refused the input. */
    REJECTED_BY_PROVIDER("rejected_by_provider", "The provider did not accept this request."),
    /** Skytells refused the content. */
    CONTENT_POLICY("content_policy", "The provider's content policy does not allow this request."),
    /** Skytells had no room for it. */
    PROVIDER_BUSY("provider_busy", "The provider is busy. Please try again in a moment."),
    /** Skytells refused us (key, credits), or was not to be reached. */
    PROVIDER_UNAVAILABLE(
        "provider_unavailable", "The provider is not available. Please try again later."),
    /** The create call's outcome stayed unknown until its deadline. */
    SUBMISSION_UNCONFIRMED(
        "submission_unconfirmed", "The provider never confirmed this generation."),
    /** Skytells did not end it in time. */
    TIMED_OUT("timed_out", "The generation took too long."),
    /** The output was gone before it could be stored. */
    OUTPUT_EXPIRED("output_expired", "The result was gone before it could be stored."),
    /** The output is of a type, size or address that is not stored. */
    OUTPUT_REJECTED("output_rejected", "The result is not of a kind that is stored.");

    private final String value;
    private final String sentence;

    Code(String value, String sentence) {
      this.value = value;
      this.sentence = sentence;
    }

    /** The stable name in SQL and JSON. */
    public String value() {
      return value;
    }

    /** Whether it speaks of the moment and not of the request, which may do later. */
    public boolean passes() {
      return this == PROVIDER_BUSY || this == PROVIDER_UNAVAILABLE;
    }

    /** What a client is told, in a sentence. */
    public String sentence() {
      return sentence;
    }
  }
}
