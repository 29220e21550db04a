package dev.atelier.skytells.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.Optional;

/** What became of one call to Skytells. */
sealed interface CallResult {
  /**
   * Skytells, or something before it, has answered.
   *
   * @param status the HTTP status
   * @param json the body, when it is JSON of a bearable size that came whole
   */
  record Answer(int status, Optional<JsonNode> json, Optional<Duration> retryAfter)
      implements CallResult {
    @Override
    public boolean isSuccess() {
      return status >= 200 && status < 300;
    }

    @Override
    public String logged() {
      return "HTTP " + status + " " + error().logged();
    }
  }

  /**
   * Not a byte of the request was sent, for certain.
   *
   * @param reason without upstream's words
   */
  record NotSent(String reason) implements CallResult {
    @Override
    public String logged() {
      return "not reached: " + reason;
    }
  }

  /**
   * The request was sent, in part or in whole, and no answer came.
   *
   * @param reason without upstream's words
   */
  record Lost(String reason) implements CallResult {
    @Override
    public String logged() {
      return "no reply: " + reason;
    }
  }

  /** What happened, in names and numbers, without upstream's words. */
  String logged();

  /** Whether it was answered with a status of success. */
  default boolean isSuccess() {
    return false;
  }

  /** The answer's body, when it is JSON. */
  default Optional<JsonNode> json() {
    return Optional.empty();
  }

  /** The array that a successful answer is, bare or beside its paging. */
  default Optional<JsonNode> list() {
    return isSuccess()
        ? json().map(json -> json.isArray() ? json : json.path("data")).filter(JsonNode::isArray)
        : Optional.empty();
  }

  /** The error in the answer's body; of anything that is none, nothing. */
  default SkytellsError error() {
    return SkytellsError.read(json());
  }

  /** When Skytells would like to be asked again, if it said so. */
  default Optional<Duration> retryAfter() {
    return Optional.empty();
  }
}
