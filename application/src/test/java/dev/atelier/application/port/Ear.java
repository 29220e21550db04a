package dev.atelier.application.port;

import dev.atelier.domain.GenerationId;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Records the notifications of {@link Changes}, in order. */
public final class Ear implements Changes.Listener {
  /** Represents {@link #missed}; a change is represented by its id. */
  public static final String MISSED = "missed";

  private final BlockingQueue<String> received = new LinkedBlockingQueue<>();

  private Ear() {}

  /** Starts to listen. */
  public static Ear on(Changes changes) {
    var ear = new Ear();
    changes.listen(ear);
    return ear;
  }

  /** Starts to listen and waits until the connection is established. */
  public static Ear listening(Changes changes) {
    Ear ear = on(changes);
    if (!ear.next().equals(MISSED)) {
      throw new AssertionError("received a change before the initial gap");
    }
    return ear;
  }

  /** Waits for the next notification; fails after a timeout. */
  public String next() {
    try {
      String next = received.poll(30, TimeUnit.SECONDS);
      if (next == null) {
        throw new AssertionError("no notification received");
      }
      return next;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Whether all received notifications were read. */
  public boolean isSilent() {
    return received.isEmpty();
  }

  @Override
  public void changed(GenerationId id) {
    received.add(id.toString());
  }

  @Override
  public void missed() {
    received.add(MISSED);
  }
}
