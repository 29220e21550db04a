package dev.atelier.application.upload;

import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Overwrites the metadata of a WebP file (RFC 9649), except the orientation, with zeros, because
 * the sizes in its header come before the metadata. Readers skip a chunk whose name they do not
 * know.
 */
final class WebpMetadataFilter extends MetadataFilter {
  private static final int HEADER_LENGTH = 12;
  private static final int XMP_FLAG = 0x04;
  private static final int MAX_EXIF = 64 * 1024;
  private static final byte[] UNKNOWN = "JUNK".getBytes(StandardCharsets.ISO_8859_1);
  private static final byte[] NO_ENTRIES = {'M', 'M', 0, 42, 0, 0, 0, 8};
  private static final byte[] ZEROS = new byte[8192];
  private static final Set<String> KEPT =
      Set.of("VP8 ", "VP8L", "VP8X", "ALPH", "ANIM", "ANMF", "ICCP");
  private static final Set<String> IMAGES = Set.of("VP8 ", "VP8L", "ANMF");

  private boolean started;
  private boolean hasImage;
  private long remaining;
  private long zeros;

  WebpMetadataFilter(InputStream in) {
    super(in);
  }

  @Override
  @Nullable InputStream next() throws IOException {
    if (!started) {
      started = true;
      byte[] header = require(HEADER_LENGTH);
      remaining = littleEndian(header, 4) - 4;
      if (remaining < 0) {
        throw new MalformedFileException("the size in the header is too small");
      }
      return bytes(header);
    }
    if (zeros > 0) {
      int length = (int) Math.min(zeros, ZEROS.length);
      zeros -= length;
      return bytes(Arrays.copyOf(ZEROS, length));
    }
    if (remaining > 0) {
      return chunk();
    }
    if (!hasImage) {
      throw withoutImage();
    }
    return null;
  }

  private InputStream chunk() throws IOException {
    byte[] header = require(8);
    String name = new String(header, 0, 4, StandardCharsets.ISO_8859_1);
    long size = littleEndian(header, 4);
    long padded = size + (size & 1);
    remaining -= 8 + padded;
    // Some writers leave out the padding of the last chunk.
    if (remaining < -(size & 1)) {
      throw new MalformedFileException("a chunk is larger than the file");
    }
    long present = padded + Math.min(remaining, 0);
    if (name.equals("VP8X") && size > 0) {
      byte[] flags = {(byte) (requireByte() & ~XMP_FLAG)};
      return new SequenceInputStream(
          new SequenceInputStream(bytes(header), bytes(flags)), copy(present - 1));
    }
    if (name.equals("EXIF")) {
      return new SequenceInputStream(bytes(header), bytes(exif(size, present)));
    }
    if (KEPT.contains(name)) {
      hasImage |= IMAGES.contains(name);
      return new SequenceInputStream(bytes(header), copy(present));
    }
    drop(present);
    zeros = present;
    System.arraycopy(UNKNOWN, 0, header, 0, UNKNOWN.length);
    return bytes(header);
  }

  /**
   * The start of the data that replaces Exif data of this size; zeros follow. There always is some,
   * as the header may have announced it. Too short for an orientation, it has no entries.
   */
  private byte[] exif(long size, long present) throws IOException {
    byte[] exif = require((int) Math.min(present, MAX_EXIF));
    drop(present - exif.length);
    byte[] data =
        size < ExifOrientation.LENGTH ? NO_ENTRIES : ExifOrientation.data(orientation(exif));
    int length = (int) Math.min(size, data.length);
    zeros = present - length;
    return Arrays.copyOf(data, length);
  }

  private static long littleEndian(byte[] bytes, int offset) {
    return (bytes[offset] & 0xFFL)
        | (bytes[offset + 1] & 0xFFL) << 8
        | (bytes[offset + 2] & 0xFFL) << 16
        | (bytes[offset + 3] & 0xFFL) << 24;
  }
}
