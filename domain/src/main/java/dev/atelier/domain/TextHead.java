package dev.atelier.domain;

import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.charset.Charset;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The start of a file that may be text: tells error pages (markup, JSON) from results (SVG,
 * anything else), regardless of encoding, white space, comments and declarations.
 */
final class TextHead {
  private static final String BLANK = " \t\n\u000B\f\r\u00A0\uFEFF";
  private static final char UNREADABLE = '\uFFFD';
  private static final Pattern COMMENT = Pattern.compile("<!--.*?-->", Pattern.DOTALL);
  private static final Pattern INSTRUCTION = Pattern.compile("<\\?.*?\\?>", Pattern.DOTALL);
  private static final Pattern DOCTYPE =
      Pattern.compile("<!DOCTYPE\\s+([^\\s>\\[]+)", Pattern.CASE_INSENSITIVE);
  private static final Pattern ELEMENT =
      Pattern.compile("<(?:[A-Za-z_][\\w.-]*:)?([A-Za-z_][\\w.-]*)(?=[\\s/>]|$)");
  private static final Pattern JSON =
      Pattern.compile(
          "\\{\\s*[\"}]|\\[\\s*[\\]\\[{\"\\dtfn-]|\"[^\"]*\"\\s*$|(null|true|false)\\s*$");

  private final String text;

  private TextHead(String text) {
    this.text = text;
  }

  /** Decodes the bytes well enough to recognize ASCII. */
  static TextHead of(byte[] head) {
    return new TextHead(skipBlank(new String(head, charset(head))));
  }

  /** Markup and JSON start with ASCII, so the positions of zero bytes reveal the encoding. */
  private static Charset charset(byte[] head) {
    if (at(head, 0, 0xFF) && at(head, 1, 0xFE)) {
      return UTF_16LE;
    }
    if (at(head, 0, 0xFE) && at(head, 1, 0xFF)) {
      return UTF_16BE;
    }
    if (head.length >= 4 && head[0] == 0 && head[1] != 0 && head[2] == 0 && head[3] != 0) {
      return UTF_16BE;
    }
    boolean little =
        head.length >= 4 && head[0] != 0 && head[1] == 0 && head[2] != 0 && head[3] == 0;
    return little ? UTF_16LE : UTF_8;
  }

  private static boolean at(byte[] head, int offset, int value) {
    return head.length > offset && (head[offset] & 0xFF) == value;
  }

  private static String skipBlank(String text) {
    int from = 0;
    while (from < text.length() && BLANK.indexOf(text.charAt(from)) >= 0) {
      from++;
    }
    return text.substring(from);
  }

  /** The type; empty if the file is no result. */
  Optional<MediaType> type() {
    if (text.isEmpty()) {
      return Optional.empty();
    }
    if (text.charAt(0) == '<') {
      Optional<String> root = rootElement();
      if (root.isPresent()) {
        return root.get().equals("svg") ? Optional.of(MediaType.SVG) : Optional.empty();
      }
    }
    if (hasControlCharacters()) {
      return Optional.of(MediaType.BINARY);
    }
    if (JSON.matcher(text).lookingAt()) {
      return Optional.empty();
    }
    return Optional.of(isReadable() ? MediaType.TEXT : MediaType.BINARY);
  }

  /** From the element or the document type. */
  private Optional<String> rootElement() {
    String rest = text;
    while (true) {
      Matcher element = ELEMENT.matcher(rest);
      if (element.lookingAt()) {
        return Optional.of(element.group(1).toLowerCase(Locale.ROOT));
      }
      Matcher doctype = DOCTYPE.matcher(rest);
      if (doctype.lookingAt()) {
        return Optional.of(localName(doctype.group(1)));
      }
      Optional<Matcher> skipped = skippable(rest);
      if (skipped.isEmpty()) {
        return Optional.empty();
      }
      rest = skipBlank(rest.substring(skipped.get().end()));
    }
  }

  private static String localName(String name) {
    return name.substring(name.indexOf(':') + 1).toLowerCase(Locale.ROOT);
  }

  private static Optional<Matcher> skippable(String rest) {
    Matcher comment = COMMENT.matcher(rest);
    if (comment.lookingAt()) {
      return Optional.of(comment);
    }
    Matcher instruction = INSTRUCTION.matcher(rest);
    return instruction.lookingAt() ? Optional.of(instruction) : Optional.empty();
  }

  private boolean hasControlCharacters() {
    return text.chars().anyMatch(c -> (c < ' ' || c == 0x7F) && BLANK.indexOf(c) < 0);
  }

  /** Ignores a truncated last character. */
  private boolean isReadable() {
    int unreadable = text.indexOf(UNREADABLE);
    return unreadable < 0 || (unreadable > 0 && unreadable == text.length() - 1);
  }
}
