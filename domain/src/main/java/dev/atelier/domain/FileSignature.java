package dev.atelier.domain;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Detects binary formats by their signatures. */
final class FileSignature {
  private static final Set<String> HEIC_BRANDS =
      Set.of("heic", "heix", "heim", "heis", "hevc", "hevx");
  private static final Set<String> MP4_BRANDS =
      Set.of(
          "isom", "iso2", "iso3", "iso4", "iso5", "iso6", "mp41", "mp42", "avc1", "M4V ", "dash");
  private static final Set<String> VIDEO_BRANDS = Set.of("M4V ", "avc1", "hvc1", "hev1", "av01");
  private static final Set<String> AUDIO_BRANDS = Set.of("M4A ", "M4B ", "M4P ", "F4A ", "F4B ");
  private static final Set<Long> BITMAP_HEADERS = Set.of(12L, 40L, 52L, 56L, 64L, 108L, 124L);

  private final byte[] head;

  private FileSignature(byte[] head) {
    this.head = head;
  }

  /** The format that the bytes start with. */
  static Optional<MediaType> match(byte[] head) {
    var signature = new FileSignature(head);
    return signature.image().or(signature::container).or(signature::audio).or(signature::document);
  }

  private Optional<MediaType> image() {
    if (at(0, 0x89, 'P', 'N', 'G', 0x0D, 0x0A, 0x1A, 0x0A)) {
      return Optional.of(MediaType.PNG);
    }
    if (at(0, 0xFF, 0xD8, 0xFF)) {
      return Optional.of(MediaType.JPEG);
    }
    if (at(0, "GIF87a") || at(0, "GIF89a")) {
      return Optional.of(MediaType.GIF);
    }
    if (at(0, "II*\0") || at(0, "MM\0*") || at(0, "II+\0") || at(0, "MM\0+")) {
      return Optional.of(MediaType.TIFF);
    }
    if (at(0, 0xFF, 0x0A) || at(0, 0, 0, 0, 12, 'J', 'X', 'L', ' ', 0x0D, 0x0A, 0x87, 0x0A)) {
      return Optional.of(MediaType.JXL);
    }
    return isBitmap() ? Optional.of(MediaType.BMP) : Optional.empty();
  }

  /** "BM" alone is ambiguous; also requires four reserved zero bytes and a known header length. */
  private boolean isBitmap() {
    return at(0, "BM")
        && at(6, 0, 0, 0, 0)
        && head.length >= 18
        && BITMAP_HEADERS.contains(
            (long) unsigned(14)
                | unsigned(15) << 8
                | unsigned(16) << 16
                | (long) unsigned(17) << 24);
  }

  private Optional<MediaType> container() {
    if (at(0, "RIFF")) {
      return at(8, "WEBP")
          ? Optional.of(MediaType.WEBP)
          : at(8, "WAVE") ? Optional.of(MediaType.WAV) : Optional.of(MediaType.BINARY);
    }
    if (at(4, "ftyp")) {
      return Optional.of(isoBaseMedia());
    }
    if (isOldQuickTime()) {
      return Optional.of(MediaType.QUICKTIME);
    }
    if (at(0, 0x1A, 0x45, 0xDF, 0xA3)) {
      // Matroska has the same signature; the document type that follows identifies WebM.
      return Optional.of(contains("webm", 64) ? MediaType.WEBM : MediaType.BINARY);
    }
    if (at(0, "OggS")) {
      return Optional.of(contains("\u0080theora", head.length) ? MediaType.OGV : MediaType.OGG);
    }
    return Optional.empty();
  }

  /** QuickTime files without a file type box. The first byte of a box size is not a letter. */
  private boolean isOldQuickTime() {
    return (at(4, "moov") || at(4, "mdat") || at(4, "wide") || at(4, "pnot")) && unsigned(0) < '\t';
  }

  /**
   * ISO/IEC 14496-12: the major brand identifies the format; if it is ambiguous or unknown, the
   * compatible brands decide. An audio brand among a video's compatible brands does not make it
   * audio.
   */
  private MediaType isoBaseMedia() {
    String major = ascii(8);
    Set<String> compatible = compatibleBrands();
    if (major.equals("avif") || major.equals("avis")) {
      return MediaType.AVIF;
    }
    if (HEIC_BRANDS.contains(major)) {
      return MediaType.HEIC;
    }
    if (major.equals("mif1") || major.equals("msf1")) {
      if (compatible.contains("avif") || compatible.contains("avis")) {
        return MediaType.AVIF;
      }
      return intersect(compatible, HEIC_BRANDS) ? MediaType.HEIC : MediaType.HEIF;
    }
    if (major.equals("qt  ") && !intersect(compatible, MP4_BRANDS)) {
      return MediaType.QUICKTIME;
    }
    if (AUDIO_BRANDS.contains(major)) {
      return MediaType.M4A;
    }
    boolean video = VIDEO_BRANDS.contains(major) || intersect(compatible, VIDEO_BRANDS);
    if (!video && intersect(compatible, AUDIO_BRANDS)) {
      return MediaType.M4A;
    }
    return MP4_BRANDS.contains(major) || intersect(compatible, MP4_BRANDS)
        ? MediaType.MP4
        : MediaType.BINARY;
  }

  /** The compatible brands, which follow the minor version. */
  private Set<String> compatibleBrands() {
    long size = (long) unsigned(0) << 24 | unsigned(1) << 16 | unsigned(2) << 8 | unsigned(3);
    int end = (int) Math.min(size, head.length);
    return IntStream.iterate(16, offset -> offset + 4 <= end, offset -> offset + 4)
        .mapToObj(this::ascii)
        .collect(Collectors.toSet());
  }

  private static boolean intersect(Set<String> some, Set<String> others) {
    return some.stream().anyMatch(others::contains);
  }

  private Optional<MediaType> audio() {
    if (at(0, "fLaC")) {
      return Optional.of(MediaType.FLAC);
    }
    return at(0, "ID3") || isMp3Frame() ? Optional.of(MediaType.MP3) : Optional.empty();
  }

  /** An MPEG layer III frame header: eleven sync bits, a known version, layer III, a bit rate. */
  private boolean isMp3Frame() {
    return head.length >= 4
        && unsigned(0) == 0xFF
        && (unsigned(1) & 0xE0) == 0xE0
        && (unsigned(1) & 0x18) != 0x08
        && (unsigned(1) & 0x06) == 0x02
        && (unsigned(2) & 0xF0) != 0xF0
        && (unsigned(2) & 0xF0) != 0x00
        && (unsigned(2) & 0x0C) != 0x0C;
  }

  private Optional<MediaType> document() {
    if (at(0, "glTF") && (at(4, 1, 0, 0, 0) || at(4, 2, 0, 0, 0))) {
      return Optional.of(MediaType.GLB);
    }
    if (at(0, "PK\3\4") || at(0, "PK\5\6")) {
      return Optional.of(MediaType.ZIP);
    }
    if (at(0, 0x1F, 0x8B, 8)) {
      return Optional.of(MediaType.GZIP);
    }
    return at(0, "%PDF-") ? Optional.of(MediaType.PDF) : Optional.empty();
  }

  private boolean contains(String latin1, int within) {
    int length = Math.min(within, head.length);
    return new String(head, 0, length, StandardCharsets.ISO_8859_1).contains(latin1);
  }

  private String ascii(int offset) {
    int length = Math.clamp(head.length - offset, 0, 4);
    return new String(head, Math.min(offset, head.length), length, StandardCharsets.ISO_8859_1);
  }

  private boolean at(int offset, String ascii) {
    return at(offset, ascii.chars().toArray());
  }

  private boolean at(int offset, int... signature) {
    if (head.length < offset + signature.length) {
      return false;
    }
    for (int i = 0; i < signature.length; i++) {
      if (unsigned(offset + i) != signature[i]) {
        return false;
      }
    }
    return true;
  }

  private int unsigned(int offset) {
    return head[offset] & 0xFF;
  }
}
