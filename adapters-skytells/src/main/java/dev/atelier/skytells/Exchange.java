package dev.atelier.skytells;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.Optional;

/** What became of one call to Skytells. */
sealed interface Exchange {
  /**
   * Skytells, or something before it, has answered.
   *
   * @param status the HTTP status
   * @param json the body, when it is JSON of a bearable size that came whole
   */
  record Answer(int status, Optional<JsonNode> json, Optional<Duration> retryAfter)
      implements Exchange {
    boolean isSuccess() {
      return status >= 200 && status < 300;
    }

    boolean isServerError() {
      return status >= 500;
    }

    SkytellsError error() {
      return SkytellsError.read(json);
    }
  }

  /**
   * Not a byte of the request was sent, for certain.
   *
   * @param reason without upstream's words
   */
  record NotSent(String reason) implements Exchange {}

  /**
   * The request was sent, in part or in whole, and no answer came.
   *
   * @param reason without upstream's words
   */
  record Lost(String reason) implements Exchange {}

  /** When Skytells would like to be asked again, if it said so. */
  default Optional<Duration> retryAfter() {
    return Optional.empty();
  }
}
