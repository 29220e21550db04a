package dev.atelier.application.simulation;

import dev.atelier.application.port.MutableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.PriorityQueue;

/**
 * What happens when, on one thread: the clock jumps from event to event. Whoever waits lets the
 * events happen that are due meanwhile.
 */
final class Timeline {
  final MutableClock clock = new MutableClock();
  private final PriorityQueue<Event> events =
      new PriorityQueue<>(Comparator.comparing(Event::at).thenComparingLong(Event::number));
  private long number;

  private record Event(Instant at, long number, Runnable what) {}

  void after(Duration delay, Runnable what) {
    events.add(new Event(clock.instant().plus(delay), number++, what));
  }

  /** Lets the time pass, and everything happen that is due in it. */
  void pass(Duration time) {
    Instant end = clock.instant().plus(time);
    for (Event next = events.peek();
        next != null && !next.at().isAfter(end);
        next = events.peek()) {
      events.remove();
      advanceTo(next.at());
      next.what().run();
    }
    advanceTo(end);
  }

  /** Never back: an event that let time pass may have overtaken others. */
  private void advanceTo(Instant at) {
    if (at.isAfter(clock.instant())) {
      clock.advance(Duration.between(clock.instant(), at));
    }
  }
}
