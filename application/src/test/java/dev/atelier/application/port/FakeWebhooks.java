package dev.atelier.application.port;

import dev.atelier.domain.Prediction;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** A {@link Webhooks} whose bodies refer to predictions and whose signature is a constant. */
public final class FakeWebhooks implements Webhooks {
  /** The valid signature. */
  public static final Optional<String> SIGNATURE = Optional.of("signed");

  private final ConcurrentMap<String, Prediction> predictions = new ConcurrentHashMap<>();

  /** A body that reports this prediction. */
  public byte[] saying(Prediction prediction) {
    String reference = "reference " + predictions.size();
    predictions.put(reference, prediction);
    return reference.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public Reading read(InputStream body, Optional<String> signature) {
    if (!signature.equals(SIGNATURE)) {
      return new Reading.BadSignature();
    }
    Prediction prediction = predictions.get(text(body));
    return prediction == null
        ? new Reading.Unreadable("not JSON")
        : new Reading.Authentic(prediction);
  }

  private static String text(InputStream body) {
    try {
      return new String(body.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
