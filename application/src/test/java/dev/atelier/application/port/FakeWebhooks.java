package dev.atelier.application.port;

import dev.atelier.domain.Prediction;
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
  public Reading read(byte[] body, Optional<String> signature) {
    if (!signature.equals(SIGNATURE)) {
      return new Reading.BadSignature();
    }
    Prediction prediction = tickets.get(new String(body, StandardCharsets.UTF_8));
    return prediction == null
        ? new Reading.Unreadable("not JSON")
        : new Reading.Authentic(prediction);
  }
}
