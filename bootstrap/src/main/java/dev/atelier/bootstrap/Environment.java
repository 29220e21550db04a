package dev.atelier.bootstrap;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Reads environment variables and reports all problems together. Messages never quote a value,
 * because it may be a secret.
 */
final class Environment {
  private final Map<String, String> variables;
  private final List<String> problems = new ArrayList<>();

  Environment(Map<String, String> variables) {
    this.variables = variables;
  }

  /** Container platforms set blank variables, so blank counts as unset. */
  Optional<String> text(String name) {
    return Optional.ofNullable(variables.get(name)).map(String::strip).filter(s -> !s.isEmpty());
  }

  /**
   * Empty if the variable is unset, or invalid and recorded as a problem.
   *
   * @param parser throws IllegalArgumentException with the expected form as its message
   */
  <T> Optional<T> value(String name, Function<String, T> parser) {
    Optional<String> text = text(name);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(parser.apply(text.get()));
    } catch (IllegalArgumentException e) {
      problem(name, String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  int number(String name, int defaultValue, int min, int max) {
    String rule = "must be a whole number from " + min + " to " + max;
    return value(
            name,
            text -> {
              if (!text.matches("[0-9]{1,9}")) {
                throw new IllegalArgumentException(rule);
              }
              int number = Integer.parseInt(text);
              if (number < min || number > max) {
                throw new IllegalArgumentException(rule);
              }
              return number;
            })
        .orElse(defaultValue);
  }

  void problem(String name, String rule) {
    problems.add(name + " " + rule);
  }

  /** They are probably misspelled. */
  void rejectUnknown(String prefix, List<String> known) {
    variables.keySet().stream()
        .filter(name -> name.startsWith(prefix) && !known.contains(name))
        .sorted()
        .forEach(name -> problem(name, "is not a setting; known are " + String.join(", ", known)));
  }

  List<String> problems() {
    return List.copyOf(problems);
  }
}
