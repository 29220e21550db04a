package dev.atelier.application.simulation;

import dev.atelier.application.port.MutableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.PriorityQueue;

/**
 * Runs events in virtual time on one thread; the clock jumps from event to event. An event that
 * waits runs the events that are due meanwhile.
 */
final class Timeline {
  final MutableClock clock = new MutableClock();
  private final PriorityQueue<Event> events =
      new PriorityQueue<>(Comparator.comparing(Event::at).thenComparingLong(Event::number));
  private long number;

  private record Event(Instant at, long number, Runnable action) {}

  void after(Duration delay, Runnable action) {
    events.add(new Event(clock.instant().plus(delay), number++, action));
  }

  /** Advances the time and runs the events that are due in it. */
  void pass(Duration time) {
    Instant end = clock.instant().plus(time);
    for (Event next = events.peek();
        next != null && !next.at().isAfter(end);
        next = events.peek()) {
      events.remove();
      advanceTo(next.at());
      next.action().run();
    }
    advanceTo(end);
  }

  /** Never moves back: an event may itself have advanced the time. */
  private void advanceTo(Instant at) {
    if (at.isAfter(clock.instant())) {
      clock.advance(Duration.between(clock.instant(), at));
    }
  }
}
