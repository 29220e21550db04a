package dev.atelier.application.upload;

import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Removes the application segments and comments of a JPEG (ITU-T T.81, annex B), except JFIF,
 * colour profile and Adobe's colour transform. An orientation in the Exif segment is written to a
 * new one. What follows the end of the image, such as a second image of a camera, is removed.
 */
final class JpegMetadataFilter extends MetadataFilter {
  private static final int SOI = 0xD8;
  private static final int EOI = 0xD9;
  private static final int SOS = 0xDA;
  private static final int APP0 = 0xE0;
  private static final int APP1 = 0xE1;
  private static final int APP2 = 0xE2;
  private static final int APP14 = 0xEE;
  private static final int APP15 = 0xEF;

  /** Of the data of a JFIF segment up to its thumbnail, whose width and height are last. */
  private static final int JFIF_LENGTH = 14;

  private static final int COMMENT = 0xFE;

  private boolean started;
  private boolean inScan;
  private boolean hasImage;
  private boolean oriented;
  private boolean ended;

  JpegMetadataFilter(InputStream in) {
    super(in);
  }

  @Override
  @Nullable InputStream next() throws IOException {
    if (!started) {
      started = true;
      return copy(2);
    }
    if (inScan) {
      inScan = false;
      return new EntropyCodedData();
    }
    while (!ended) {
      int marker = marker();
      if (marker == EOI) {
        if (!hasImage) {
          throw withoutImage();
        }
        ended = true;
        return bytes(new byte[] {(byte) 0xFF, (byte) EOI});
      }
      if (marker == 0 || marker == SOI || isWithoutLength(marker)) {
        throw new MalformedFileException("an unexpected marker");
      }
      byte[] length = require(2);
      int size = (int) unsigned(length, 0, 2) - 2;
      if (size < 0) {
        throw new MalformedFileException("a segment is malformed");
      }
      InputStream segment = segment(marker, length, size);
      if (segment != null) {
        return segment;
      }
    }
    return null;
  }

  private @Nullable InputStream segment(int marker, byte[] length, int size) throws IOException {
    byte[] header = {(byte) 0xFF, (byte) marker, length[0], length[1]};
    if (marker == APP0) {
      return withoutThumbnail(require(size));
    }
    if (marker == APP1) {
      return orientationOnly(require(size));
    }
    if (marker == APP2) {
      byte[] profile = require(size);
      return startsWith(profile, "ICC_PROFILE\0")
          ? new SequenceInputStream(bytes(header), bytes(profile))
          : null;
    }
    if (marker == COMMENT || (marker > APP2 && marker <= APP15 && marker != APP14)) {
      drop(size);
      return null;
    }
    inScan = marker == SOS;
    hasImage |= inScan;
    return new SequenceInputStream(bytes(header), copy(size));
  }

  /** Fill bytes may precede a marker. */
  private int marker() throws IOException {
    if (requireByte() != 0xFF) {
      throw new MalformedFileException("no marker where one is expected");
    }
    int marker = requireByte();
    while (marker == 0xFF) {
      marker = requireByte();
    }
    return marker;
  }

  private static boolean isWithoutLength(int marker) {
    return marker == 0x01 || (marker >= 0xD0 && marker <= 0xD7);
  }

  /** A JFIF segment with an empty thumbnail; null if this is another one, such as JFXX. */
  private static @Nullable InputStream withoutThumbnail(byte[] jfif) {
    if (jfif.length < JFIF_LENGTH || !startsWith(jfif, "JFIF\0")) {
      return null;
    }
    return bytes(
        ByteBuffer.allocate(4 + JFIF_LENGTH)
            .put((byte) 0xFF)
            .put((byte) APP0)
            .putShort((short) (2 + JFIF_LENGTH))
            .put(jfif, 0, JFIF_LENGTH - 2)
            .array());
  }

  /** A segment with nothing but the orientation of this Exif segment; null if it has none. */
  private @Nullable InputStream orientationOnly(byte[] exif) {
    if (oriented || !startsWith(exif, EXIF)) {
      return null;
    }
    int orientation = orientation(exif);
    if (orientation == ExifOrientation.NORMAL) {
      return null;
    }
    oriented = true;
    return bytes(segment(orientation));
  }

  /** An APP1 segment with only this orientation. */
  static byte[] segment(int orientation) {
    return ByteBuffer.allocate(4 + EXIF.length() + ExifOrientation.LENGTH)
        .put((byte) 0xFF)
        .put((byte) APP1)
        .putShort((short) (2 + EXIF.length() + ExifOrientation.LENGTH))
        .put(EXIF.getBytes(StandardCharsets.ISO_8859_1))
        .put(ExifOrientation.data(orientation))
        .array();
  }

  /** The data after a start of scan, up to the next marker that is not part of it. */
  private final class EntropyCodedData extends InputStream {
    private boolean finished;
    private int pending = -1;

    @Override
    public int read() throws IOException {
      if (pending >= 0) {
        int second = pending;
        pending = -1;
        return second;
      }
      if (finished) {
        return -1;
      }
      in.mark(2);
      int value = requireByte();
      if (value != 0xFF) {
        return value;
      }
      int following = requireByte();
      if (following == 0 || (following >= 0xD0 && following <= 0xD7)) {
        pending = following;
        return value;
      }
      in.reset();
      finished = true;
      return -1;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      int count = 0;
      while (count < length) {
        int value = read();
        if (value < 0) {
          return count == 0 ? -1 : count;
        }
        buffer[offset + count++] = (byte) value;
      }
      return count;
    }
  }
}
