package dev.atelier.skytells.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.Optional;

/** The outcome of one HTTP call: whether Skytells may have received it. */
sealed interface CallResult {
  /**
   * Skytells or a gateway answered.
   *
   * @param json if complete and within the size limit
   */
  record Response(int status, Optional<JsonNode> json, Optional<Duration> retryAfter)
      implements CallResult {
    @Override
    public boolean isSuccess() {
      return status >= 200 && status < 300;
    }

    @Override
    public String summary() {
      return "HTTP " + status + " " + error().summary();
    }
  }

  /** Certainly not sent. */
  record NotSent(String reason) implements CallResult {
    @Override
    public String summary() {
      return "not reached: " + reason;
    }
  }

  /** Sent at least in part, without a response. */
  record NoResponse(String reason) implements CallResult {
    @Override
    public String summary() {
      return "no reply: " + reason;
    }
  }

  /** Safe to log: has no text from Skytells. */
  String summary();

  default boolean isSuccess() {
    return false;
  }

  default Optional<JsonNode> json() {
    return Optional.empty();
  }

  /** The body, or its {@code data}. */
  default Optional<JsonNode> list() {
    return isSuccess()
        ? json().map(json -> json.isArray() ? json : json.path("data")).filter(JsonNode::isArray)
        : Optional.empty();
  }

  default SkytellsError error() {
    return SkytellsError.read(json());
  }

  default Optional<Duration> retryAfter() {
    return Optional.empty();
  }
}
