package dev.atelier.application.port;

/**
 * A part of a blob.
 *
 * @param first the offset of its first byte
 * @param length how many bytes it has, at least one
 */
public record ByteRange(long first, long length) {
  /**
   * @throws IllegalArgumentException when there is no such part of anything
   */
  public ByteRange {
    if (first < 0 || length < 1 || first > Long.MAX_VALUE - length) {
      throw new IllegalArgumentException("no range: " + length + " bytes from " + first);
    }
  }

  /** All of a blob, however big it is. */
  public static ByteRange all() {
    return new ByteRange(0, Long.MAX_VALUE);
  }
}
