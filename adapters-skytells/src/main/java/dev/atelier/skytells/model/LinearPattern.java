package dev.atelier.skytells.model;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import com.networknt.schema.regex.RegularExpression;

/**
 * A regular expression that runs in linear time. Those that RE2/J cannot compile, such as
 * look-ahead and back references, match everything: Skytells checks them.
 */
final class LinearPattern {
  private LinearPattern() {}

  static RegularExpression compile(String regex) {
    try {
      Pattern pattern = Pattern.compile(regex);
      return text -> pattern.matcher(text).find();
    } catch (PatternSyntaxException e) {
      return _ -> true;
    }
  }
}
