package dev.atelier.skytells.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Chooses the ratio of a size among those that a model offers. */
final class AspectRatio {
  private static final Pattern RATIO = Pattern.compile("([1-9][0-9]{0,3}):([1-9][0-9]{0,3})");

  /** The ratios of Skytells' own app, for a schema that lists none. */
  private static final List<String> COMMON =
      List.of("1:1", "16:9", "9:16", "4:3", "3:4", "3:2", "2:3", "21:9");

  private AspectRatio() {}

  /**
   * The nearest ratio, on a logarithmic scale, so that width and height count alike.
   *
   * @param parameter the schema of the parameter
   * @return empty if the model offers words only, such as {@code landscape}
   */
  static Optional<String> nearest(JsonNode parameter, int width, int height) {
    double wanted = Math.log((double) width / height);
    return offered(parameter).stream()
        .filter(ratio -> RATIO.matcher(ratio).matches())
        .min(Comparator.comparingDouble(ratio -> Math.abs(logarithm(ratio) - wanted)));
  }

  private static List<String> offered(JsonNode parameter) {
    return parameter.has("enum")
        ? parameter.path("enum").valueStream().map(JsonNode::asText).toList()
        : COMMON;
  }

  private static double logarithm(String ratio) {
    Matcher matcher = RATIO.matcher(ratio);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(ratio);
    }
    return Math.log(Double.parseDouble(matcher.group(1)) / Double.parseDouble(matcher.group(2)));
  }
}
