package dev.atelier.skytells.output;

import dev.atelier.domain.MediaType;
import java.io.EOFException;
import java.io.FilterInputStream;
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
import okio.BufferedSource;
import okio.InflaterSource;
import okio.Okio;

/**
 * Decodes a body whose {@code Content-Encoding} says that it was encoded for the transfer, which
 * some servers do although we ask for the identity. A body that is not what the header says is
 * taken as it is: some stores keep the header of a file and send it decoded.
 */
final class ContentCoding {
  private static final int BUFFER_BYTES = 8 * 1024;
  private static final int MAX_CODINGS = 2;

  private ContentCoding() {}

  /** The codings in the order in which they were applied; empty when there is none. */
  static List<String> of(Response response) {
    return response.headers("Content-Encoding").stream()
        .flatMap(list -> Stream.of(list.split(",", -1)))
        .map(coding -> coding.strip().toLowerCase(Locale.ROOT))
        .filter(Predicate.not(coding -> coding.isEmpty() || coding.equals("identity")))
        .toList();
  }

  /** The first coding that cannot be decoded here. */
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
   * The decoded bytes; memory does not grow with their number.
   *
   * @param codings all of them supported
   * @param body closed with the stream
   * @return throws when the body is corrupt, or ends before its own end
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
    return buffer(new GZIPInputStream(encoded.inputStream(), BUFFER_BYTES), encoded);
  }

  /** RFC 9110 means the zlib format; some servers send the bare format, which has no signature. */
  private static BufferedSource inflate(BufferedSource encoded) throws IOException {
    if (isEmpty(encoded)) {
      return encoded;
    }
    boolean zlib = ((word(encoded) >> 8) & 0x0F) == Deflater.DEFLATED && word(encoded) % 31 == 0;
    if (!zlib && isKnownFile(encoded)) {
      return encoded;
    }
    var inflater = new InflaterSource(encoded, new Inflater(!zlib));
    return buffer(Okio.buffer(inflater).inputStream(), encoded);
  }

  /** A single byte is the beginning of something. */
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

  private static BufferedSource buffer(InputStream decoded, BufferedSource encoded) {
    return Okio.buffer(Okio.source(new WholeInputStream(decoded, encoded)));
  }

  /**
   * Where the decoded bytes end, the encoded ones must have arrived in full: a decoder cannot tell
   * a connection that broke between two members from the end of the last one.
   */
  private static final class WholeInputStream extends FilterInputStream {
    private final BufferedSource encoded;

    WholeInputStream(InputStream decoded, BufferedSource encoded) {
      super(decoded);
      this.encoded = encoded;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      int read = super.read(into, offset, length);
      if (read < 0) {
        encoded.exhausted(); // throws where the connection broke off
      }
      return read;
    }
  }
}
