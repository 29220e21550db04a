package dev.atelier.application.upload;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Reads and writes the orientation in Exif data (CIPA DC-008, tag 0x0112). */
final class ExifOrientation {
  /** Of data with nothing but an orientation. */
  static final int LENGTH = 8 + 2 + 12 + 4;

  /** As stored. */
  static final int NORMAL = 1;

  private static final int TAG = 0x0112;
  private static final int SHORT = 3;
  private static final int MAX = 8;

  private ExifOrientation() {}

  /**
   * The orientation.
   *
   * @param tiff untrusted Exif data, from its byte order on
   * @return from 1 to 8; {@link #NORMAL} if there is none
   */
  static int read(byte[] tiff) {
    if (tiff.length < 8) {
      return NORMAL;
    }
    ByteBuffer data = ByteBuffer.wrap(tiff);
    data.order(tiff[0] == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    try {
      data.position(data.getInt(4));
      int entries = data.getShort() & 0xFFFF;
      for (int i = 0; i < entries; i++) {
        int tag = data.getShort() & 0xFFFF;
        int type = data.getShort() & 0xFFFF;
        data.getInt();
        int value = data.getShort() & 0xFFFF;
        data.getShort();
        if (tag == TAG && type == SHORT && value >= NORMAL && value <= MAX) {
          return value;
        }
      }
    } catch (IllegalArgumentException | BufferUnderflowException e) {
      return NORMAL;
    }
    return NORMAL;
  }

  /** Exif data with only this orientation. */
  static byte[] data(int orientation) {
    return ByteBuffer.allocate(LENGTH)
        .put((byte) 'M')
        .put((byte) 'M')
        .putShort((short) 42)
        .putInt(8)
        .putShort((short) 1)
        .putShort((short) TAG)
        .putShort((short) SHORT)
        .putInt(1)
        .putShort((short) orientation)
        .putShort((short) 0)
        .putInt(0)
        .array();
  }
}
