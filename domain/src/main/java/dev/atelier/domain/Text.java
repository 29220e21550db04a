package dev.atelier.domain;

import java.util.regex.Pattern;

/** What client text goes through before it becomes a value: the cleaning that the seeds do. */
final class Text {
  private static final Pattern ANGLE_BRACKETS = Pattern.compile("[<>]");
  private static final Pattern LINE_ENDS = Pattern.compile("\r\n?");
  private static final Pattern MANY_NEWLINES = Pattern.compile("\n{3,}");

  private Text() {}

  /** Removes angle brackets, collapses three or more newlines to two, trims. */
  static String clean(String raw) {
    String text = LINE_ENDS.matcher(raw).replaceAll("\n");
    text = ANGLE_BRACKETS.matcher(text).replaceAll("");
    return MANY_NEWLINES.matcher(text).replaceAll("\n\n").strip();
  }

  /** Characters as a person counts them: code points, not UTF-16 units. */
  static int length(String text) {
    return text.codePointCount(0, text.length());
  }

  /** Refuses what no database and no provider can hold: NUL and halves of surrogate pairs. */
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
