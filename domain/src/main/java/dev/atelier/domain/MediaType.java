package dev.atelier.domain;

import java.util.Optional;

/**
 * The type of an output. The type is detected from the first bytes; headers and file names are
 * ignored. Every file has a type, so that no paid output is refused because of it; what no
 * signature matches is {@link #BINARY}.
 */
public enum MediaType {
  /** Portable Network Graphics. */
  PNG("image/png", "png", Display.INLINE),
  /** JPEG. */
  JPEG("image/jpeg", "jpg", Display.INLINE),
  /** WebP. */
  WEBP("image/webp", "webp", Display.INLINE),
  /** GIF. */
  GIF("image/gif", "gif", Display.INLINE),
  /** AVIF. */
  AVIF("image/avif", "avif", Display.INLINE),
  /** Windows bitmap. */
  BMP("image/bmp", "bmp", Display.ATTACHMENT),
  /** TIFF and BigTIFF. */
  TIFF("image/tiff", "tiff", Display.ATTACHMENT),
  /** HEIF coded with HEVC. */
  HEIC("image/heic", "heic", Display.ATTACHMENT),
  /** HEIF whose brands name no known coding. */
  HEIF("image/heif", "heif", Display.ATTACHMENT),
  /** JPEG XL. */
  JXL("image/jxl", "jxl", Display.ATTACHMENT),
  /** Scalable Vector Graphics, which may contain scripts. */
  SVG("image/svg+xml", "svg", Display.ATTACHMENT),
  /** MPEG-4 video. */
  MP4("video/mp4", "mp4", Display.INLINE),
  /** QuickTime video. */
  QUICKTIME("video/quicktime", "mov", Display.INLINE),
  /** WebM video. */
  WEBM("video/webm", "webm", Display.INLINE),
  /** Ogg with a video stream. */
  OGV("video/ogg", "ogv", Display.INLINE),
  /** MP3 audio. */
  MP3("audio/mpeg", "mp3", Display.INLINE),
  /** MPEG-4 audio. */
  M4A("audio/mp4", "m4a", Display.INLINE),
  /** WAV audio. */
  WAV("audio/wav", "wav", Display.INLINE),
  /** FLAC audio. */
  FLAC("audio/flac", "flac", Display.INLINE),
  /** Ogg audio: Vorbis, Opus, FLAC, Speex. */
  OGG("audio/ogg", "ogg", Display.INLINE),
  /** Binary glTF, a 3D scene. */
  GLB("model/gltf-binary", "glb", Display.ATTACHMENT),
  /** A ZIP archive, or a format based on it. */
  ZIP("application/zip", "zip", Display.ATTACHMENT),
  /** A gzip file, as opposed to a gzip-encoded transfer. */
  GZIP("application/gzip", "gz", Display.ATTACHMENT),
  /** Portable Document Format. */
  PDF("application/pdf", "pdf", Display.ATTACHMENT),
  /** Plain text, which is often an error message. */
  TEXT("text/plain", "txt", Display.ATTACHMENT),
  /** Anything else. */
  BINARY("application/octet-stream", "bin", Display.ATTACHMENT);

  /** The number of bytes that {@link #detect} needs. */
  public static final int HEAD_LENGTH = 4096;

  private enum Display {
    INLINE,
    ATTACHMENT
  }

  private final String value;
  private final String extension;
  private final Display display;

  MediaType(String value, String extension, Display display) {
    this.value = value;
    this.extension = extension;
    this.display = display;
  }

  /** The value of a {@code Content-Type} header. */
  public String value() {
    return value;
  }

  /** The file name extension, without a dot. */
  public String extension() {
    return extension;
  }

  /** Whether browsers may display it; other types are always served as attachments. */
  public boolean isInline() {
    return display == Display.INLINE;
  }

  /** Whether it is an image. */
  public boolean isImage() {
    return value.startsWith("image/");
  }

  /**
   * Detects the type from the first bytes.
   *
   * @param head the first {@link #HEAD_LENGTH} bytes, or all bytes of a smaller file
   * @return empty if this is no result: an empty file, JSON, or markup other than SVG, such as an
   *     error page
   */
  public static Optional<MediaType> detect(byte[] head) {
    return FileSignature.match(head).or(() -> TextHead.of(head).type());
  }
}
