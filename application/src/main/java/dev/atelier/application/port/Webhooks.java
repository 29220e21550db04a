package dev.atelier.application.port;

import dev.atelier.domain.Prediction;
import java.util.Optional;

/** Reads what claims to be a webhook of Skytells. */
public interface Webhooks {
  /**
   * Checks the signature over the raw bytes in constant time, and only then looks into them.
   *
   * @param body as it came over the wire, to the byte
   * @param signature the signature header's value, empty when there was none
   */
  Reading read(byte[] body, Optional<String> signature);

  /** What was read. */
  sealed interface Reading {
    /** It is Skytells', and says this. */
    record Authentic(Prediction prediction) implements Reading {}

    /** The signature is missing, malformed, or of none of our keys. */
    record BadSignature() implements Reading {}

    /**
     * It is Skytells', but not a prediction.
     *
     * @param reason what is wrong with it, without quoting it
     */
    record Unreadable(String reason) implements Reading {}
  }
}
