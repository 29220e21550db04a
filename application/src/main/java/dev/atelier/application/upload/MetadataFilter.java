package dev.atelier.application.upload;

import dev.atelier.domain.MediaType;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Removes metadata from an image while it is read: location, camera, author, texts. Image data,
 * colour profile and orientation stay as they are. Reads in constant memory.
 */
abstract class MetadataFilter extends InputStream {
  /** The source, buffered. */
  final InputStream in;

  /** Precedes the Exif data in a JPEG, and by mistake in some other files. */
  static final String EXIF = "Exif\0\0";

  private InputStream part = InputStream.nullInputStream();
  private boolean ended;

  MetadataFilter(InputStream in) {
    this.in = new BufferedInputStream(in, 16 * 1024);
  }

  /**
   * Filters a file of this type; types other than JPEG, PNG and WebP are returned unchanged.
   *
   * @return throws {@link MalformedFileException} if the structure is broken or ends too early
   */
  static InputStream of(MediaType type, InputStream file) {
    return switch (type) {
      case JPEG -> new JpegMetadataFilter(file);
      case PNG -> new PngMetadataFilter(file);
      case WEBP -> new WebpMetadataFilter(file);
      default -> file;
    };
  }

  /** Reads from the source what comes next in the result; null at its end. */
  abstract @Nullable InputStream next() throws IOException;

  @Override
  public final int read() throws IOException {
    byte[] single = new byte[1];
    return read(single, 0, 1) < 0 ? -1 : single[0] & 0xFF;
  }

  @Override
  public final int read(byte[] buffer, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    while (!ended) {
      int read = part.read(buffer, offset, length);
      if (read > 0) {
        return read;
      }
      InputStream following = next();
      if (following == null) {
        ended = true;
        // What follows the image is dropped, but a transfer that breaks off there has failed.
        in.transferTo(OutputStream.nullOutputStream());
      } else {
        part = following;
      }
    }
    return -1;
  }

  /** A part of the result that is in memory. */
  static InputStream bytes(byte[] bytes) {
    return new ByteArrayInputStream(bytes);
  }

  /** A number of bytes of the source, which must have them. */
  final InputStream copy(long length) {
    return new InputStream() {
      private long remaining = length;

      @Override
      public int read() throws IOException {
        byte[] single = new byte[1];
        return read(single, 0, 1) < 0 ? -1 : single[0] & 0xFF;
      }

      @Override
      public int read(byte[] buffer, int offset, int count) throws IOException {
        if (remaining == 0) {
          return -1;
        }
        int read = in.read(buffer, offset, (int) Math.min(count, remaining));
        if (read < 0) {
          throw truncated();
        }
        remaining -= read;
        return read;
      }
    };
  }

  final byte[] require(int length) throws IOException {
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw truncated();
    }
    return bytes;
  }

  final int requireByte() throws IOException {
    int value = in.read();
    if (value < 0) {
      throw truncated();
    }
    return value;
  }

  final void drop(long length) throws IOException {
    try {
      in.skipNBytes(length);
    } catch (EOFException e) {
      throw truncated();
    }
  }

  static MalformedFileException truncated() {
    return new MalformedFileException("the file ends too early");
  }

  static MalformedFileException withoutImage() {
    return new MalformedFileException("the file has no image");
  }

  /** The orientation in Exif data with or without its prefix. */
  static int orientation(byte[] exif) {
    int start = startsWith(exif, EXIF) ? EXIF.length() : 0;
    return ExifOrientation.read(Arrays.copyOfRange(exif, start, exif.length));
  }

  static boolean startsWith(byte[] bytes, String text) {
    byte[] start = text.getBytes(StandardCharsets.ISO_8859_1);
    return bytes.length >= start.length
        && Arrays.equals(bytes, 0, start.length, start, 0, start.length);
  }

  /** An unsigned number in big-endian order. */
  static long unsigned(byte[] bytes, int offset, int length) {
    long value = 0;
    for (int i = 0; i < length; i++) {
      value = (value << 8) | (bytes[offset + i] & 0xFF);
    }
    return value;
  }
}
