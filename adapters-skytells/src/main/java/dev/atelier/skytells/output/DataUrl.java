package dev.atelier.skytells.output;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;

/** An output in a data URL (RFC 2397). Its type is ignored; the first bytes decide. */
final class DataUrl {
  private static final String SCHEME = "data:";
  private static final String BASE64 = ";base64";

  private final String url;
  private final int dataStart;
  private final boolean base64;

  private DataUrl(String url, int dataStart, boolean base64) {
    this.url = url;
    this.dataStart = dataStart;
    this.base64 = base64;
  }

  static boolean isDataUrl(String url) {
    return url.regionMatches(true, start(url), SCHEME, 0, SCHEME.length());
  }

  private static int start(String url) {
    int start = 0;
    while (start < url.length() && url.charAt(start) <= ' ') {
      start++;
    }
    return start;
  }

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
    } catch (IOException e) { // do not log it: its message may quote the data
      return false;
    }
  }

  InputStream open() {
    return base64
        ? Base64.getDecoder().wrap(new Base64Alphabet(new PercentDecoded()))
        : new PercentDecoded();
  }

  private abstract static class SingleBytes extends InputStream {
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

  /** Keeps a percent sign without hex digits, as in unescaped SVG. */
  private final class PercentDecoded extends SingleBytes {
    private int at = dataStart;
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
