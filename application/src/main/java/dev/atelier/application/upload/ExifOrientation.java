package dev.atelier.application.upload;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Reads and writes the orientation in an Exif segment (CIPA DC-008, §4.6.5.1.6: tag 0x0112). */
final class ExifOrientation {
  private static final byte[] PREFIX = "Exif\0\0".getBytes(StandardCharsets.ISO_8859_1);
  private static final int TAG = 0x0112;
  private static final int SHORT = 3;
  private static final int MAX_ORIENTATION = 8;

  private ExifOrientation() {}

  /** The orientation, from 1 to 8; 0 if there is none. */
  static int read(byte[] segment) {
    if (segment.length < PREFIX.length + 8
        || !Arrays.equals(segment, 0, PREFIX.length, PREFIX, 0, PREFIX.length)) {
      return 0;
    }
    ByteBuffer tiff =
        ByteBuffer.wrap(segment, PREFIX.length, segment.length - PREFIX.length).slice();
    tiff.order(tiff.get(0) == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    try {
      tiff.position(tiff.getInt(4));
      int entries = tiff.getShort() & 0xFFFF;
      for (int i = 0; i < entries; i++) {
        int tag = tiff.getShort() & 0xFFFF;
        int type = tiff.getShort() & 0xFFFF;
        tiff.getInt();
        int value = tiff.getShort() & 0xFFFF;
        tiff.getShort();
        if (tag == TAG && type == SHORT && value <= MAX_ORIENTATION) {
          return value;
        }
      }
    } catch (IllegalArgumentException | IndexOutOfBoundsException | BufferUnderflowException e) {
      return 0;
    }
    return 0;
  }

  /** An APP1 segment, marker included, with only this orientation. */
  static byte[] segment(int orientation) {
    int length = 2 + PREFIX.length + 8 + 2 + 12 + 4;
    return ByteBuffer.allocate(2 + length)
        .put((byte) 0xFF)
        .put((byte) 0xE1)
        .putShort((short) length)
        .put(PREFIX)
        .put("MM".getBytes(StandardCharsets.ISO_8859_1))
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
