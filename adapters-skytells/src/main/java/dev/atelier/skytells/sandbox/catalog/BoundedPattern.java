package dev.atelier.skytells.sandbox.catalog;

import com.networknt.schema.regex.RegularExpression;
import java.util.regex.Pattern;

/** A pattern of a schema. Its steps are bounded, since a schema may have a catastrophic one. */
record BoundedPattern(Pattern pattern) implements RegularExpression {
  private static final int MAX_STEPS = 1_000_000;

  /**
   * @throws IllegalStateException if matching takes too many steps
   */
  @Override
  public boolean matches(String value) {
    return pattern.matcher(new Counted(value, new int[1])).find();
  }

  /** Counts the characters that the matcher reads. */
  @SuppressWarnings("ArrayRecordComponent") // shared by subsequences, never compared
  private record Counted(CharSequence text, int[] steps) implements CharSequence {
    @Override
    public char charAt(int index) {
      steps[0]++;
      if (steps[0] > MAX_STEPS) {
        throw new IllegalStateException("the pattern of a schema needs too many steps");
      }
      return text.charAt(index);
    }

    @Override
    public int length() {
      return text.length();
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      return new Counted(text.subSequence(start, end), steps);
    }

    @Override
    public String toString() {
      return text.toString();
    }
  }
}
