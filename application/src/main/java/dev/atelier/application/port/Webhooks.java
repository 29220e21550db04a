package dev.atelier.application.port;

import dev.atelier.domain.Prediction;
import java.io.InputStream;
import java.util.Optional;

/** Verifies and reads webhooks of the provider. */
public interface Webhooks {
  /**
   * Verifies the signature over the raw bytes in constant time and reads the prediction. Uses
   * bounded memory; returns nothing of the body unless the signature is valid.
   *
   * @param body the raw bytes; not closed
   * @param signature the value of the signature header
   * @throws java.io.UncheckedIOException if the body is incomplete
   */
  Reading read(InputStream body, Optional<String> signature);

  sealed interface Reading {
    record Authentic(Prediction prediction) implements Reading {}

    /** The signature is missing, malformed or made with another key. */
    record BadSignature() implements Reading {}

    /**
     * The signature is valid, but the body is not a prediction.
     *
     * @param reason what is wrong, without quoting the body
     */
    record Unreadable(String reason) implements Reading {}
  }
}
