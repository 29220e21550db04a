package dev.atelier.domain;

import java.util.Optional;

/** The encoded size of an image in pixels, before any rotation that its metadata requests. */
public record Dimensions(int width, int height) {
  /** The maximum of JPEG. */
  public static final int MAX_SIDE = 65_535;

  /** In JPEG, a color profile and a preview of up to 64 KiB each may precede the size. */
  public static final int HEAD_LENGTH = 128 * 1024;

  public Dimensions {
    requireSide("width", width);
    requireSide("height", height);
  }

  /**
   * Reads an image header without decoding the image; empty if the size is implausible or not
   * within {@code head}.
   *
   * @param head the first {@link #HEAD_LENGTH} bytes, or all bytes of a smaller file
   */
  public static Optional<Dimensions> of(MediaType type, byte[] head) {
    return ImageDimensionsReader.dimensions(type, head);
  }

  static Optional<Dimensions> ofPlausible(long width, long height) {
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
