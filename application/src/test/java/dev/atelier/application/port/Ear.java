package dev.atelier.application.port;

import dev.atelier.domain.GenerationId;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Keeps what it is told by {@link Changes}, in order. */
public final class Ear implements Changes.Listener {
  /** What stands for {@link #missed}; a change stands as its id. */
  public static final String MISSED = "missed";

  private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();

  private Ear() {}

  /** An ear on these changes. */
  public static Ear on(Changes changes) {
    var ear = new Ear();
    changes.listen(ear);
    return ear;
  }

  /** An ear that has begun to listen. */
  public static Ear listening(Changes changes) {
    Ear ear = on(changes);
    if (!ear.next().equals(MISSED)) {
      throw new AssertionError("told of a change before it began to listen");
    }
    return ear;
  }

  /** What it is told next; fails when that is nothing for long. */
  public String next() {
    try {
      String next = heard.poll(30, TimeUnit.SECONDS);
      if (next == null) {
        throw new AssertionError("nothing was told");
      }
      return next;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Whether there is nothing that it was told and that was not asked for. */
  public boolean isSilent() {
    return heard.isEmpty();
  }

  @Override
  public void changed(GenerationId id) {
    heard.add(id.toString());
  }

  @Override
  public void missed() {
    heard.add(MISSED);
  }
}
