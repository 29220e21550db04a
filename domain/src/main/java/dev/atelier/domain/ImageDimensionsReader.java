package dev.atelier.domain;

import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Reads an image's dimensions from its first bytes, which are untrusted: every offset is checked
 * and every loop advances.
 */
final class ImageDimensionsReader {
  private final byte[] head;

  private ImageDimensionsReader(byte[] head) {
    this.head = head;
  }

  static Optional<Dimensions> dimensions(MediaType type, byte[] head) {
    var header = new ImageDimensionsReader(head);
    return switch (type) {
      case PNG -> header.png();
      case JPEG -> header.jpeg();
      case WEBP -> header.webp();
      case GIF -> header.gif();
      case AVIF, HEIC, HEIF -> header.heif();
      case BMP -> header.bmp();
      case TIFF, JXL, SVG -> Optional.empty();
      case MP4, QUICKTIME, WEBM, OGV -> Optional.empty();
      case MP3, M4A, WAV, FLAC, OGG -> Optional.empty();
      case GLB, ZIP, GZIP, PDF, TEXT, BINARY -> Optional.empty();
    };
  }

  private Optional<Dimensions> png() {
    return has(16, 8) && is("IHDR", 12)
        ? Dimensions.ofPlausible(bigEndian(16, 4), bigEndian(20, 4))
        : Optional.empty();
  }

  /** The size of the logical screen, which contains every frame. */
  private Optional<Dimensions> gif() {
    return has(6, 4)
        ? Dimensions.ofPlausible(littleEndian(6, 2), littleEndian(8, 2))
        : Optional.empty();
  }

  /**
   * ITU-T T.81: segments with a marker and a length. A start-of-frame segment holds height, then
   * width. After a start of scan no segment follows.
   */
  private Optional<Dimensions> jpeg() {
    int at = 2;
    while (has(at, 4) && unsigned(at) == 0xFF) {
      int marker = unsigned(at + 1);
      if (marker == 0xFF) { // fill bytes may precede a marker
        at++;
        continue;
      }
      if (isStartOfFrame(marker)) {
        return has(at + 5, 4)
            ? Dimensions.ofPlausible(bigEndian(at + 7, 2), bigEndian(at + 5, 2))
            : Optional.empty();
      }
      int length = (int) bigEndian(at + 2, 2);
      boolean isSegment = marker >= 0xC0 && !(marker >= 0xD0 && marker <= 0xDA);
      if (!isSegment || length < 2) {
        return Optional.empty();
      }
      at += 2 + length;
    }
    return Optional.empty();
  }

  /** SOF0 to SOF15, without DHT, JPG and DAC, whose codes are in the same range. */
  private static boolean isStartOfFrame(int marker) {
    return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
  }

  /** RFC 9649: the first chunk is one of three, each with its own encoding of the size. */
  private Optional<Dimensions> webp() {
    if (has(20, 10) && is("VP8 ", 12) && bigEndian(23, 3) == 0x9D012A) {
      return Dimensions.ofPlausible(littleEndian(26, 2) & 0x3FFF, littleEndian(28, 2) & 0x3FFF);
    }
    if (has(20, 5) && is("VP8L", 12) && unsigned(20) == 0x2F) {
      long bits = littleEndian(21, 4);
      return Dimensions.ofPlausible((bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1);
    }
    if (has(20, 10) && is("VP8X", 12)) {
      return Dimensions.ofPlausible(littleEndian(24, 3) + 1, littleEndian(27, 3) + 1);
    }
    return Optional.empty();
  }

  /** The height is negative if rows start at the top. The oldest header uses two bytes per side. */
  private Optional<Dimensions> bmp() {
    if (!has(14, 12)) {
      return Optional.empty();
    }
    return littleEndian(14, 4) == 12
        ? Dimensions.ofPlausible(littleEndian(18, 2), littleEndian(20, 2))
        : Dimensions.ofPlausible(littleEndian(18, 4), Math.abs((int) littleEndian(22, 4)));
  }

  /**
   * ISO/IEC 23008-12: "ispe" holds the size of an item. The image is the largest; the others are
   * tiles and previews. "meta" and "ispe" start with four bytes of version and flags.
   */
  private Optional<Dimensions> heif() {
    return boxes("meta", new Box(0, head.length))
        .flatMap(meta -> boxes("iprp", meta.behind(4)))
        .flatMap(iprp -> boxes("ipco", iprp))
        .flatMap(ipco -> boxes("ispe", ipco))
        .filter(ispe -> ispe.start() + 12 <= ispe.end())
        .map(
            ispe ->
                Dimensions.ofPlausible(
                    bigEndian(ispe.start() + 4, 4), bigEndian(ispe.start() + 8, 4)))
        .flatMap(Optional::stream)
        .max(Comparator.comparingLong(size -> (long) size.width() * size.height()));
  }

  /** The content of an ISO/IEC 14496-12 box, truncated to the available bytes. */
  private record Box(int start, int end) {
    Box behind(int bytes) {
      return new Box(Math.min(start + bytes, end), end);
    }
  }

  private Stream<Box> boxes(String type, Box within) {
    Stream.Builder<Box> found = Stream.builder();
    long next;
    for (int at = within.start(); at + 8 <= within.end(); at = (int) next) {
      long size = bigEndian(at, 4);
      int start = at + 8;
      if (size == 1 && at + 16 <= within.end()) {
        size = bigEndian(at + 8, 8);
        start = at + 16;
      } else if (size == 0) { // the box extends to the end of its parent
        size = (long) within.end() - at;
      }
      if (size < start - at) {
        break;
      }
      next = size > within.end() - at ? within.end() : at + size;
      if (is(type, at + 4)) {
        found.add(new Box(start, (int) next));
      }
    }
    return found.build();
  }

  private boolean has(int offset, int length) {
    return offset + length <= head.length;
  }

  private boolean is(String ascii, int offset) {
    return has(offset, ascii.length())
        && new String(head, offset, ascii.length(), StandardCharsets.ISO_8859_1).equals(ascii);
  }

  private int unsigned(int offset) {
    return head[offset] & 0xFF;
  }

  private long bigEndian(int offset, int length) {
    long value = 0;
    for (int i = 0; i < length; i++) {
      value = value << 8 | unsigned(offset + i);
    }
    return value;
  }

  private long littleEndian(int offset, int length) {
    long value = 0;
    for (int i = length - 1; i >= 0; i--) {
      value = value << 8 | unsigned(offset + i);
    }
    return value;
  }
}
