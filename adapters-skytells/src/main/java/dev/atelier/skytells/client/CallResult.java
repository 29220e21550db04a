package dev.atelier.skytells.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.Optional;

/**
 * The outcome of one HTTP call to Skytells. It keeps apart whether the request may have arrived.
 */
sealed interface CallResult {
  /**
   * Skytells or a gateway answered.
   *
   * @param json the body, if it is complete JSON within the size limit
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

  /**
   * The request was certainly not sent.
   *
   * @param reason without text from Skytells
   */
  record NotSent(String reason) implements CallResult {
    @Override
    public String summary() {
      return "not reached: " + reason;
    }
  }

  /**
   * The request was sent at least in part, and no response came.
   *
   * @param reason without text from Skytells
   */
  record NoResponse(String reason) implements CallResult {
    @Override
    public String summary() {
      return "no reply: " + reason;
    }
  }

  /** A description that is safe to log: it has no text from Skytells. */
  String summary();

  default boolean isSuccess() {
    return false;
  }

  default Optional<JsonNode> json() {
    return Optional.empty();
  }

  /** The array in a successful response: the body itself, or its {@code data}. */
  default Optional<JsonNode> list() {
    return isSuccess()
        ? json().map(json -> json.isArray() ? json : json.path("data")).filter(JsonNode::isArray)
        : Optional.empty();
  }

  /** The error in the body; has no fields if there is none. */
  default SkytellsError error() {
    return SkytellsError.read(json());
  }

  /** How long Skytells asks to wait. */
  default Optional<Duration> retryAfter() {
    return Optional.empty();
  }
}
