package dev.atelier.application.generate;

import dev.atelier.application.port.GenerationIds;
import dev.atelier.domain.GenerationId;
import java.time.Clock;
import java.util.UUID;
import java.util.random.RandomGenerator;

/**
 * Generates UUIDs of version 7 (RFC 9562 §5.7): 48 bits of milliseconds, then random bits. New rows
 * are appended to the primary key's index, and ids sort by time.
 */
public final class TimeOrderedIds implements GenerationIds {
  private final Clock clock;
  private final RandomGenerator random;

  /**
   * @param random must be unpredictable, because ids are part of webhook URLs
   */
  public TimeOrderedIds(Clock clock, RandomGenerator random) {
    this.clock = clock;
    this.random = random;
  }

  @Override
  public GenerationId next() {
    long high = (clock.millis() << 16) | 0x7000L | (random.nextLong() & 0x0FFFL);
    long low = 0x8000_0000_0000_0000L | (random.nextLong() & 0x3FFF_FFFF_FFFF_FFFFL);
    return new GenerationId(new UUID(high, low));
  }
}
