package dev.atelier.domain;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BinaryOperator;

/**
 * Parameters of a model under the model's own names, such as {@code aspect_ratio}. {@link
 * #toString} hides the values, because some are prompts.
 *
 * @param values a tree of {@link String}, {@link Boolean}, {@link Long}, {@link BigDecimal}, {@link
 *     List} and {@link Map}; immutable. Absent values are left out; names are sorted.
 */
public record ModelInput(Map<String, Object> values) {
  /** The maximum nesting: the parameters themselves are level 1. */
  public static final int MAX_DEPTH = 8;

  public static final ModelInput EMPTY = new ModelInput(Map.of());

  private static final String FIELD = "input";
  private static final int MAX_NAME_LENGTH = 128;
  private static final int MAX_DIGITS = 310;

  /**
   * Copies and normalizes the values: whole numbers become {@link Long} if they fit.
   *
   * @throws InvalidValueException for the path of the first invalid value
   */
  public ModelInput {
    values = map(FIELD, values, 1, (_, text) -> text);
  }

  /**
   * Cleans all strings by the rules for prompts.
   *
   * @throws InvalidValueException for the path of the first string that cannot be stored
   */
  public ModelInput cleaned() {
    return mapStrings((_, text) -> TextSanitizer.clean(text));
  }

  /**
   * Replaces strings.
   *
   * @param replacement maps a path, such as {@code input.images[1]}, and its string to another
   */
  public ModelInput mapStrings(BinaryOperator<String> replacement) {
    return new ModelInput(map(FIELD, values, 1, replacement));
  }

  public static String path(String parameter) {
    return FIELD + "." + parameter;
  }

  private static Map<String, Object> map(
      String path, Map<?, ?> source, int depth, BinaryOperator<String> replacement) {
    requireDepth(depth);
    var copy = new TreeMap<String, Object>();
    source.forEach(
        (key, value) -> {
          String name = String.valueOf(key);
          TextSanitizer.requireStorable(path, name);
          if (name.length() > MAX_NAME_LENGTH) {
            throw new InvalidValueException(
                path, "must have names of at most " + MAX_NAME_LENGTH + " characters");
          }
          if (value != null) {
            copy.put(name, copy(path + "." + name, value, depth, replacement));
          }
        });
    return Collections.unmodifiableMap(copy);
  }

  private static Object copy(
      String path, Object value, int depth, BinaryOperator<String> replacement) {
    return switch (value) {
      case String text -> {
        TextSanitizer.requireStorable(path, text);
        yield replacement.apply(path, text);
      }
      case Boolean flag -> flag;
      case BigInteger number -> normalized(path, new BigDecimal(number));
      case BigDecimal number -> normalized(path, number);
      case Double number -> normalized(path, decimal(path, number));
      case Float number -> normalized(path, decimal(path, number.doubleValue()));
      case Number number -> number.longValue();
      case List<?> list -> list(path, list, depth + 1, replacement);
      case Map<?, ?> map -> map(path, map, depth + 1, replacement);
      default -> throw new InvalidValueException(path, "must be a JSON value");
    };
  }

  private static List<Object> list(
      String path, List<?> source, int depth, BinaryOperator<String> replacement) {
    requireDepth(depth);
    var copy = new ArrayList<Object>(source.size());
    for (Object value : source) {
      String element = path + "[" + copy.size() + "]";
      if (value == null) {
        throw new InvalidValueException(element, "must not be null");
      }
      copy.add(copy(element, value, depth, replacement));
    }
    return List.copyOf(copy);
  }

  private static void requireDepth(int depth) {
    if (depth > MAX_DEPTH) {
      throw new InvalidValueException(
          FIELD, "must not be nested more than " + MAX_DEPTH + " levels deep");
    }
  }

  private static BigDecimal decimal(String path, double number) {
    if (!Double.isFinite(number)) {
      throw new InvalidValueException(path, "must be a finite number");
    }
    return BigDecimal.valueOf(number);
  }

  /** 1e999999999 has a billion digits when printed. */
  private static Object normalized(String path, BigDecimal number) {
    BigDecimal shortest = number.stripTrailingZeros();
    if (Math.abs((long) shortest.precision() - shortest.scale()) > MAX_DIGITS
        || Math.abs((long) shortest.scale()) > MAX_DIGITS
        || shortest.precision() > MAX_DIGITS) {
      throw new InvalidValueException(path, "must be a number that fits into a double");
    }
    return shortest.scale() <= 0 && shortest.precision() - shortest.scale() <= 18
        ? (Object) shortest.longValueExact()
        : shortest;
  }

  @Override
  public String toString() {
    return "ModelInput[" + values.size() + " parameters]";
  }
}
