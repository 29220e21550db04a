package dev.atelier.domain;

import java.util.Optional;

/**
 * The size of a picture as it is encoded, which is how it is shown unless it asks to be turned.
 *
 * @param width in pixels
 * @param height in pixels
 */
public record Dimensions(int width, int height) {
  /** The longest side that is believed: what JPEG can express, and more than anybody draws. */
  public static final int MAX_SIDE = 65_535;

  /**
   * How many of the first bytes {@link #of} wants to see. JPEG may have a colour profile and a
   * preview before its size, 64 KiB a piece.
   */
  public static final int HEAD_LENGTH = 128 * 1024;

  /**
   * @throws InvalidValueException when a side cannot be one
   */
  public Dimensions {
    requireSide("width", width);
    requireSide("height", height);
  }

  /**
   * What the header of a picture says its size is. It may say anything, so what makes no sense, and
   * what is further behind than is looked, is unknown. Nothing is decoded.
   *
   * @param type what the first bytes say it is; the size is read only from some types of picture
   * @param head the first {@link #HEAD_LENGTH} bytes, or all there are
   */
  public static Optional<Dimensions> of(MediaType type, byte[] head) {
    return ImageHeader.dimensions(type, head);
  }

  /** The size by what a header says, which may be more than an int. */
  static Optional<Dimensions> plausible(long width, long height) {
    return isSide(width) && isSide(height)
        ? Optional.of(new Dimensions((int) width, (int) height))
        : Optional.empty();
  }

  private static void requireSide(String field, int pixels) {
    if (!isSide(pixels)) {
      throw new InvalidValueException(field, "must be between 1 and " + MAX_SIDE);
    }
  }

  private static boolean isSide(long pixels) {
    return pixels >= 1 && pixels <= MAX_SIDE;
  }
}
