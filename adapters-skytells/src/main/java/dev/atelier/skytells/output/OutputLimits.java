package dev.atelier.skytells.output;

import java.time.Duration;

/**
 * How large an output may be, and how long it may take. Skytells publishes no sizes; it does
 * publish that an output is gone after five minutes.
 *
 * @param imageBytes the most bytes of a picture, which its first bytes show it to be
 * @param otherBytes the most bytes of anything else
 * @param connect how long to wait for a connection
 * @param idle how long to wait for the next byte, and for the first ones, which tell the type
 * @param total how long one output may take in all
 */
public record OutputLimits(
    long imageBytes, long otherBytes, Duration connect, Duration idle, Duration total) {
  /** 64 MiB and 1 GiB; within the five minutes. */
  public static final OutputLimits DEFAULT =
      new OutputLimits(
          64L << 20,
          1L << 30,
          Duration.ofSeconds(5),
          Duration.ofSeconds(15),
          Duration.ofMinutes(4));
}
