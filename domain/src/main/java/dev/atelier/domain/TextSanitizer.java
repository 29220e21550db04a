package dev.atelier.domain;

import java.util.regex.Pattern;

/** The rules for clients' text: what is removed, rejected and considered blank. */
final class TextSanitizer {
  private static final Pattern LINE_ENDS = Pattern.compile("\r\n?");
  private static final Pattern MANY_NEWLINES = Pattern.compile("\n{3,}");

  private TextSanitizer() {}

  /**
   * Normalizes line ends to newlines; removes angle brackets, noncharacters and control characters
   * except newline and tab; collapses three or more newlines to two; trims. Idempotent. Keeps
   * format characters, which emoji sequences and right-to-left scripts need.
   */
  static String clean(String raw) {
    String text = LINE_ENDS.matcher(raw).replaceAll("\n");
    text =
        text.codePoints()
            .filter(c -> !isRemoved(c))
            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
            .toString();
    return MANY_NEWLINES.matcher(text).replaceAll("\n\n").strip();
  }

  private static boolean isRemoved(int c) {
    return c == '<'
        || c == '>'
        || (Character.isISOControl(c) && c != '\n' && c != '\t')
        || isNoncharacter(c);
  }

  /** The 66 code points that Unicode reserves for internal use (Unicode 16.0, section 23.7). */
  private static boolean isNoncharacter(int c) {
    return (c & 0xFFFE) == 0xFFFE || (c >= 0xFDD0 && c <= 0xFDEF);
  }

  /** Whether at least one character is visible. */
  static boolean isVisible(String text) {
    return text.codePoints().anyMatch(TextSanitizer::isVisible);
  }

  /**
   * Whether a character is visible by itself. Spaces, format characters and combining marks are
   * not; neither are the listed ones, which Unicode defines as blank (Default_Ignorable_Code_Point,
   * and the empty Braille pattern).
   */
  private static boolean isVisible(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SPACE_SEPARATOR,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.NON_SPACING_MARK,
          Character.ENCLOSING_MARK,
          Character.COMBINING_SPACING_MARK,
          Character.SURROGATE ->
          false;
      case Character.UNASSIGNED ->
          !isNoncharacter(c) && c != 0x2065 && (c < 0xFFF0 || c > 0xFFF8) && c >> 12 != 0xE0;
      default -> !isBlank(c);
    };
  }

  private static boolean isBlank(int c) {
    boolean hangulFiller = c == 0x115F || c == 0x1160 || c == 0x3164 || c == 0xFFA0;
    return hangulFiller || c == 0x2800;
  }

  /** The number of code points. */
  static int length(String text) {
    return text.codePointCount(0, text.length());
  }

  /** Rejects NUL and unpaired surrogates, which cannot be stored. */
  static void requireStorable(String field, String text) {
    if (text.indexOf('\0') >= 0) {
      throw new InvalidValueException(field, "must not contain the NUL character");
    }
    boolean broken =
        text.codePoints()
            .anyMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
    if (broken) {
      throw new InvalidValueException(field, "must be valid Unicode");
    }
  }
}
