package dev.atelier.application.port;

import dev.atelier.domain.Prediction;
import java.io.InputStream;
import java.util.Optional;

/** Reads what claims to be a webhook of Skytells. */
public interface Webhooks {
  /**
   * Verifies the signature over the raw bytes, compared in constant time, and reads the prediction.
   * The body is read as a stream, in a bounded amount of memory; nothing of it is returned unless
   * the signature is good.
   *
   * @param body as it came over the wire, to the byte; not closed
   * @param signature the signature header's value, empty when there was none
   * @throws java.io.UncheckedIOException when the body breaks off
   */
  Reading read(InputStream body, Optional<String> signature);

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
