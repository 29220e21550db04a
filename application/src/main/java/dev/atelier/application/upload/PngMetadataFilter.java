package dev.atelier.application.upload;

import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the chunks that determine how a PNG looks (PNG Specification, Third Edition, §11), and the
 * orientation of its Exif data.
 */
final class PngMetadataFilter extends MetadataFilter {
  private static final int SIGNATURE_LENGTH = 8;
  private static final int CRC_LENGTH = 4;

  private static final Set<String> KEPT =
      Set.of(
          "IHDR", "PLTE", "IDAT", "IEND", "tRNS", "cHRM", "gAMA", "iCCP", "sBIT", "sRGB", "cICP",
          "mDCV", "cLLI", "bKGD", "hIST", "pHYs", "sPLT", "acTL", "fcTL", "fdAT");

  private static final int MAX_EXIF = 64 * 1024;

  private boolean started;
  private boolean hasHeader;
  private boolean hasImage;
  private boolean ended;

  PngMetadataFilter(InputStream in) {
    super(in);
  }

  @Override
  @Nullable InputStream next() throws IOException {
    if (!started) {
      started = true;
      return copy(SIGNATURE_LENGTH);
    }
    while (!ended) {
      byte[] header = require(8);
      long length = unsigned(header, 0, 4);
      String type = new String(header, 4, 4, StandardCharsets.ISO_8859_1);
      if (length > Integer.MAX_VALUE || !type.matches("[A-Za-z]{4}")) {
        throw new MalformedFileException("a chunk is malformed");
      }
      hasHeader |= type.equals("IHDR");
      hasImage |= type.equals("IDAT");
      ended = type.equals("IEND");
      if (ended && !(hasHeader && hasImage)) {
        throw withoutImage();
      }
      if (type.equals("eXIf") && length <= MAX_EXIF) {
        byte[] exif = require((int) length);
        drop(CRC_LENGTH);
        int orientation = orientation(exif);
        if (orientation != ExifOrientation.NORMAL) {
          return bytes(exifChunk(orientation));
        }
        continue;
      }
      if (KEPT.contains(type)) {
        return new SequenceInputStream(bytes(header), copy(length + CRC_LENGTH));
      }
      drop(length + CRC_LENGTH);
    }
    return null;
  }

  private static byte[] exifChunk(int orientation) {
    byte[] typeAndData =
        ByteBuffer.allocate(4 + ExifOrientation.LENGTH)
            .put("eXIf".getBytes(StandardCharsets.ISO_8859_1))
            .put(ExifOrientation.data(orientation))
            .array();
    var crc = new CRC32();
    crc.update(typeAndData);
    return ByteBuffer.allocate(4 + typeAndData.length + CRC_LENGTH)
        .putInt(ExifOrientation.LENGTH)
        .put(typeAndData)
        .putInt((int) crc.getValue())
        .array();
  }
}
