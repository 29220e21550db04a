package dev.atelier.domain;

import java.util.Optional;

/**
 * The type of an output. The first bytes decide, never a header or a name. Every file has a type,
 * so that no paid output is refused because of it; what no signature matches is {@link #BINARY}.
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
  /** A ZIP archive, or one of the formats that are packed as one. */
  ZIP("application/zip", "zip", Display.ATTACHMENT),
  /** A gzip file; not a transfer that is encoded with gzip. */
  GZIP("application/gzip", "gz", Display.ATTACHMENT),
  /** Portable Document Format. */
  PDF("application/pdf", "pdf", Display.ATTACHMENT),
  /** Plain text, which is more often an error message than a result. */
  TEXT("text/plain", "txt", Display.ATTACHMENT),
  /** Anything else. */
  BINARY("application/octet-stream", "bin", Display.ATTACHMENT);

  /** How many of the first bytes {@link #detect} wants to see. */
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

  /** The type as a {@code Content-Type} header has it. */
  public String value() {
    return value;
  }

  /** The file name extension, without a dot. */
  public String extension() {
    return extension;
  }

  /** Whether a browser may display it; otherwise it is only ever served as an attachment. */
  public boolean isInline() {
    return display == Display.INLINE;
  }

  /** Whether it is a picture. */
  public boolean isImage() {
    return value.startsWith("image/");
  }

  /**
   * The type by the first bytes.
   *
   * @param head the first {@link #HEAD_LENGTH} bytes, or all there are
   * @return empty when this is no result: nothing at all, JSON, or markup other than SVG, which is
   *     what error pages are made of
   */
  public static Optional<MediaType> detect(byte[] head) {
    return FileSignature.match(head).or(() -> TextHead.of(head).type());
  }
}
