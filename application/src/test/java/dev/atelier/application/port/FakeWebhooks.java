package dev.atelier.application.port;

import dev.atelier.domain.Prediction;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** Webhooks whose body is a ticket for a prediction, and whose signature is the word "signed". */
public final class FakeWebhooks implements Webhooks {
  /** The one good signature. */
  public static final Optional<String> SIGNATURE = Optional.of("signed");

  private final ConcurrentMap<String, Prediction> tickets = new ConcurrentHashMap<>();

  /** A body that says this. */
  public byte[] saying(Prediction prediction) {
    String ticket = "ticket " + tickets.size();
    tickets.put(ticket, prediction);
    return ticket.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public Reading read(InputStream body, Optional<String> signature) {
    if (!signature.equals(SIGNATURE)) {
      return new Reading.BadSignature();
    }
    Prediction prediction = tickets.get(text(body));
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
