package dev.atelier.skytells.output;

import dev.atelier.domain.MediaType;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import java.util.zip.GZIPInputStream;
import java.util.zip.Inflater;
import okhttp3.Response;
import okio.Buffer;
import okio.BufferedSource;
import okio.ForwardingSource;
import okio.InflaterSource;
import okio.Okio;
import okio.Source;

/**
 * Decodes a body that was encoded although we request identity. Some stores send decoded files with
 * their old header, so bytes that do not match it stay unchanged.
 */
final class ContentCoding {
  private static final int BUFFER_BYTES = 8 * 1024;
  private static final int MAX_CODINGS = 2;

  private ContentCoding() {}

  static List<String> of(Response response) {
    return response.headers("Content-Encoding").stream()
        .flatMap(list -> Stream.of(list.split(",", -1)))
        .map(coding -> coding.strip().toLowerCase(Locale.ROOT))
        .filter(Predicate.not(coding -> coding.isEmpty() || coding.equals("identity")))
        .toList();
  }

  static Optional<String> unsupported(List<String> codings) {
    return codings.size() > MAX_CODINGS
        ? Optional.of("too many")
        : codings.stream().filter(coding -> !isSupported(coding)).findFirst();
  }

  private static boolean isSupported(String coding) {
    return switch (coding) {
      case "gzip", "x-gzip", "deflate" -> true;
      default -> false;
    };
  }

  /**
   * Decodes in constant memory. Reading fails if the body is corrupt or truncated.
   *
   * @param body closed with the result
   */
  static InputStream decode(List<String> codings, BufferedSource body) throws IOException {
    BufferedSource source = body;
    for (String coding : codings.reversed()) {
      source = decode(coding, source);
    }
    return source.inputStream();
  }

  private static BufferedSource decode(String coding, BufferedSource encoded) throws IOException {
    return coding.equals("deflate") ? inflate(encoded) : gunzip(encoded);
  }

  private static BufferedSource gunzip(BufferedSource encoded) throws IOException {
    if (isEmpty(encoded) || word(encoded) != 0x1F8B) {
      return encoded;
    }
    return complete(Okio.source(new GZIPInputStream(encoded.inputStream(), BUFFER_BYTES)), encoded);
  }

  /** Accepts zlib (RFC 9110) and raw deflate, which has no signature. */
  private static BufferedSource inflate(BufferedSource encoded) throws IOException {
    if (isEmpty(encoded)) {
      return encoded;
    }
    boolean zlib = ((word(encoded) >> 8) & 0x0F) == Deflater.DEFLATED && word(encoded) % 31 == 0;
    if (!zlib && isKnownFile(encoded)) {
      return encoded;
    }
    return complete(new InflaterSource(encoded, new Inflater(!zlib)), encoded);
  }

  private static boolean isEmpty(BufferedSource encoded) throws IOException {
    if (!encoded.request(2) && encoded.request(1)) {
      throw new EOFException();
    }
    return encoded.exhausted();
  }

  private static boolean isKnownFile(BufferedSource source) throws IOException {
    source.request(MediaType.HEAD_LENGTH);
    long length = Math.min(MediaType.HEAD_LENGTH, source.getBuffer().size());
    return MediaType.detect(source.peek().readByteArray(length))
        .filter(type -> type != MediaType.BINARY && type != MediaType.TEXT)
        .isPresent();
  }

  private static int word(BufferedSource source) {
    return ((source.getBuffer().getByte(0) & 0xFF) << 8) | (source.getBuffer().getByte(1) & 0xFF);
  }

  /** A decoder cannot tell a connection broken between gzip members from the end. */
  private static BufferedSource complete(Source decoded, BufferedSource encoded) {
    return Okio.buffer(
        new ForwardingSource(decoded) {
          @Override
          public long read(Buffer sink, long byteCount) throws IOException {
            long read = super.read(sink, byteCount);
            if (read < 0) {
              encoded.exhausted(); // throws if the connection broke
            }
            return read;
          }
        });
  }
}
