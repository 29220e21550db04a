package dev.atelier.skytells.output;

import java.time.Duration;

/**
 * Size and time limits of a download. Skytells publishes no sizes, but deletes outputs after five
 * minutes.
 *
 * @param imageBytes the maximum size if the first bytes are an image
 * @param otherBytes the maximum size of other types
 * @param idle the maximum wait for the next byte, and for all bytes that determine the type
 * @param total the maximum time of one output, redirects included
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
