package dev.atelier.domain;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;

/**
 * The types of output that are kept. The first bytes decide, never a header or a name; what they do
 * not show to be one of these (SVG and HTML among them, which run scripts) is refused.
 */
public enum MediaType {
  /** Portable Network Graphics. */
  PNG("image/png", "png"),
  /** JPEG. */
  JPEG("image/jpeg", "jpg"),
  /** WebP. */
  WEBP("image/webp", "webp"),
  /** GIF. */
  GIF("image/gif", "gif"),
  /** AVIF. */
  AVIF("image/avif", "avif"),
  /** MPEG-4 video. */
  MP4("video/mp4", "mp4"),
  /** WebM video. */
  WEBM("video/webm", "webm"),
  /** MP3 audio. */
  MP3("audio/mpeg", "mp3"),
  /** WAV audio. */
  WAV("audio/wav", "wav");

  /** How many of the first bytes {@link #detect} wants to see. */
  public static final int HEAD_LENGTH = 64;

  private static final Set<String> MP4_BRANDS =
      Set.of(
          "isom", "iso2", "iso3", "iso4", "iso5", "iso6", "mp41", "mp42", "avc1", "M4V ", "dash");

  private final String value;
  private final String extension;

  MediaType(String value, String extension) {
    this.value = value;
    this.extension = extension;
  }

  /** The type as a {@code Content-Type} header has it. */
  public String value() {
    return value;
  }

  /** The file name extension, without a dot. */
  public String extension() {
    return extension;
  }

  /**
   * The type by its signature.
   *
   * @param head the first {@link #HEAD_LENGTH} bytes, or all there are
   */
  public static Optional<MediaType> detect(byte[] head) {
    if (at(head, 0, 0x89, 'P', 'N', 'G', 0x0D, 0x0A, 0x1A, 0x0A)) {
      return Optional.of(PNG);
    }
    if (at(head, 0, 0xFF, 0xD8, 0xFF)) {
      return Optional.of(JPEG);
    }
    if (at(head, 0, "GIF87a") || at(head, 0, "GIF89a")) {
      return Optional.of(GIF);
    }
    if (at(head, 0, "RIFF")) {
      return at(head, 8, "WEBP")
          ? Optional.of(WEBP)
          : at(head, 8, "WAVE") ? Optional.of(WAV) : Optional.empty();
    }
    if (at(head, 4, "ftyp")) {
      return isoBaseMedia(head);
    }
    if (at(head, 0, 0x1A, 0x45, 0xDF, 0xA3)) {
      // Matroska has the same signature; only the document type, right behind it, tells WebM.
      return new String(head, StandardCharsets.ISO_8859_1).contains("webm")
          ? Optional.of(WEBM)
          : Optional.empty();
    }
    if (at(head, 0, "ID3") || isMp3Frame(head)) {
      return Optional.of(MP3);
    }
    return Optional.empty();
  }

  /**
   * ISO/IEC 14496-12: the major brand follows "ftyp"; AVIF may name itself only as a compatible
   * one.
   */
  private static Optional<MediaType> isoBaseMedia(byte[] head) {
    if (at(head, 8, "avif") || at(head, 8, "avis")) {
      return Optional.of(AVIF);
    }
    if (at(head, 8, "mif1") || at(head, 8, "msf1") || at(head, 8, "heic")) {
      return new String(head, StandardCharsets.ISO_8859_1).contains("avif")
          ? Optional.of(AVIF)
          : Optional.empty();
    }
    // Major brands are many; what every MPEG-4 player takes is among the compatible ones behind it.
    for (int offset = 8; offset + 4 <= head.length; offset += 4) {
      if (MP4_BRANDS.contains(new String(head, offset, 4, StandardCharsets.ISO_8859_1))) {
        return Optional.of(MP4);
      }
    }
    return Optional.empty();
  }

  /**
   * An MPEG-1/2 layer III frame header: eleven sync bits, a known version, layer III, a bit rate.
   */
  private static boolean isMp3Frame(byte[] head) {
    return head.length >= 4
        && (head[0] & 0xFF) == 0xFF
        && (head[1] & 0xE0) == 0xE0
        && (head[1] & 0x18) != 0x08
        && (head[1] & 0x06) == 0x02
        && (head[2] & 0xF0) != 0xF0
        && (head[2] & 0xF0) != 0x00
        && (head[2] & 0x0C) != 0x0C;
  }

  private static boolean at(byte[] head, int offset, String ascii) {
    return at(head, offset, ascii.chars().toArray());
  }

  private static boolean at(byte[] head, int offset, int... signature) {
    if (head.length < offset + signature.length) {
      return false;
    }
    for (int i = 0; i < signature.length; i++) {
      if ((head[offset + i] & 0xFF) != signature[i]) {
        return false;
      }
    }
    return true;
  }
}
