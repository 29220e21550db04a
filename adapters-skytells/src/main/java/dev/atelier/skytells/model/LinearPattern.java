package dev.atelier.skytells.model;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import com.networknt.schema.regex.RegularExpression;
import java.util.regex.MatchResult;

/**
 * A regular expression that runs in linear time and limited memory. Those that RE2/J cannot
 * compile, such as look-ahead and back references, and those that are too large match everything:
 * Skytells checks them.
 */
final class LinearPattern {
  private static final int MAX_LENGTH = 2_000;

  /** Of the compiled program, estimated: nested repetitions multiply. */
  private static final long MAX_SIZE = 1_000_000;

  /** The size of the program times the length of the text; takes some ten milliseconds. */
  private static final long MAX_STEPS = 20_000_000;

  private static final java.util.regex.Pattern REPETITION =
      java.util.regex.Pattern.compile("\\{(\\d{1,4})(?:,(\\d{0,4}))?\\}");

  private LinearPattern() {}

  static RegularExpression compile(String regex) {
    if (isTooLarge(regex)) {
      return _ -> true;
    }
    try {
      Pattern pattern = Pattern.compile(regex);
      long size = pattern.programSize();
      return text -> size * text.length() > MAX_STEPS || pattern.matcher(text).find();
    } catch (PatternSyntaxException e) {
      return _ -> true;
    }
  }

  private static boolean isTooLarge(String regex) {
    if (regex.length() > MAX_LENGTH) {
      return true;
    }
    double size =
        REPETITION
            .matcher(regex)
            .results()
            .mapToDouble(LinearPattern::count)
            .reduce(regex.length(), (left, right) -> left * right);
    return size > MAX_SIZE;
  }

  private static double count(MatchResult repetition) {
    String most = repetition.group(2);
    return Math.max(
        1, Integer.parseInt(most == null || most.isEmpty() ? repetition.group(1) : most));
  }
}
