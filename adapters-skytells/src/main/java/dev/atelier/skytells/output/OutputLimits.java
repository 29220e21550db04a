package dev.atelier.skytells.output;

import java.time.Duration;

/**
 * Limits of a download. Skytells publishes no sizes.
 *
 * @param idle maximum time between two received bytes, and until the type is known
 * @param total including redirects
 */
public record OutputLimits(
    long imageBytes, long otherBytes, Duration connect, Duration idle, Duration total) {
  public static final OutputLimits DEFAULT =
      new OutputLimits(
          64L << 20,
          1L << 30,
          Duration.ofSeconds(5),
          Duration.ofSeconds(15),
          Duration.ofMinutes(4));
}
