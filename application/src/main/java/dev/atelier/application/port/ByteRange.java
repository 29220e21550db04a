package dev.atelier.application.port;

/**
 * A part of a blob.
 *
 * @param first the offset of the first byte
 * @param length the number of bytes, at least one
 */
public record ByteRange(long first, long length) {
  /**
   * @throws IllegalArgumentException if the range is empty, negative or overflows
   */
  public ByteRange {
    if (first < 0 || length < 1 || first > Long.MAX_VALUE - length) {
      throw new IllegalArgumentException(
          "invalid byte range: first=" + first + " length=" + length);
    }
  }

  /** The whole blob, whatever its size. */
  public static ByteRange all() {
    return new ByteRange(0, Long.MAX_VALUE);
  }
}
