package dev.atelier.skytells.output;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;

/**
 * An output that is its own address (RFC 2397): {@code data:[type][;parameter]*[;base64],data}. The
 * type and the parameters are not read, since the first bytes decide.
 */
final class DataUrl {
  private static final String SCHEME = "data:";
  private static final String BASE64 = ";base64";

  private final String url;
  private final int begin;
  private final boolean base64;

  private DataUrl(String url, int begin, boolean base64) {
    this.url = url;
    this.begin = begin;
    this.base64 = base64;
  }

  /** Whether the URL is of this scheme. */
  static boolean isOne(String url) {
    return url.regionMatches(true, start(url), SCHEME, 0, SCHEME.length());
  }

  private static int start(String url) {
    int start = 0;
    while (start < url.length() && url.charAt(start) <= ' ') {
      start++;
    }
    return start;
  }

  /** Reads a URL of this scheme; empty when it cannot be decoded. */
  static Optional<DataUrl> parse(String url) {
    int comma = url.indexOf(',');
    if (comma < 0) {
      return Optional.empty();
    }
    String type = url.substring(start(url), comma).strip().toLowerCase(Locale.ROOT);
    var parsed = new DataUrl(url, comma + 1, type.endsWith(BASE64));
    return parsed.isWellFormed() ? Optional.of(parsed) : Optional.empty();
  }

  private boolean isWellFormed() {
    try (InputStream bytes = open()) {
      bytes.transferTo(OutputStream.nullOutputStream());
      return true;
    } catch (IOException e) { // its message may quote the data
      return false;
    }
  }

  /** The bytes, decoded while they are read. */
  InputStream open() {
    return base64
        ? Base64.getDecoder().wrap(new Base64Alphabet(new PercentDecoded()))
        : new PercentDecoded();
  }

  /** A stream whose subclass produces one byte at a time. */
  private abstract static class SingleBytes extends InputStream {
    /** The next byte as an unsigned number, or -1 at the end. */
    abstract int next() throws IOException;

    @Override
    public int read() throws IOException {
      return next();
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      int count = 0;
      while (count < length) {
        int next = next();
        if (next < 0) {
          return count == 0 ? -1 : count;
        }
        into[offset + count] = (byte) next;
        count++;
      }
      return count;
    }
  }

  /**
   * Characters as UTF-8, escapes as the byte that they stand for. A percent sign that begins no
   * escape stands for itself, as in an SVG that nobody has escaped.
   */
  private final class PercentDecoded extends SingleBytes {
    private int at = begin;
    private byte[] pending = {};
    private int sent;

    @Override
    int next() {
      if (sent < pending.length) {
        return pending[sent++] & 0xFF;
      }
      if (at >= url.length()) {
        return -1;
      }
      int escaped = escaped();
      if (escaped >= 0) {
        at += 3;
        return escaped;
      }
      int character = url.codePointAt(at);
      at += Character.charCount(character);
      if (character < 0x80) {
        return character;
      }
      pending = Character.toString(character).getBytes(UTF_8);
      sent = 1;
      return pending[0] & 0xFF;
    }

    private int escaped() {
      if (url.charAt(at) != '%' || at + 2 >= url.length()) {
        return -1;
      }
      int high = Character.digit(url.charAt(at + 1), 16);
      int low = Character.digit(url.charAt(at + 2), 16);
      return high < 0 || low < 0 ? -1 : (high << 4) | low;
    }
  }

  /** Without white space, and with the characters of the URL-safe alphabet as the usual ones. */
  private static final class Base64Alphabet extends SingleBytes {
    private final InputStream characters;

    Base64Alphabet(InputStream characters) {
      this.characters = characters;
    }

    @Override
    int next() throws IOException {
      int character = characters.read();
      while (character == ' ' || (character >= '\t' && character <= '\r')) {
        character = characters.read();
      }
      return switch (character) {
        case '-' -> '+';
        case '_' -> '/';
        default -> character;
      };
    }
  }
}
