package dev.atelier.bootstrap;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Reads environment variables and collects what is wrong with them, so that all of it can be told
 * at once. No message quotes a value: it may be a secret.
 */
final class Environment {
  private final Map<String, String> variables;
  private final List<String> problems = new ArrayList<>();

  Environment(Map<String, String> variables) {
    this.variables = variables;
  }

  /** The variable's value; a blank one counts as unset, as container platforms like to set it. */
  Optional<String> text(String name) {
    return Optional.ofNullable(variables.get(name)).map(String::strip).filter(s -> !s.isEmpty());
  }

  /**
   * The variable as a value of its own type.
   *
   * @param parser throws IllegalArgumentException, whose message says what it must look like
   * @return empty when it is unset, or broken and noted as a problem
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

  /** The variable as a whole number within bounds, or the default. */
  int number(String name, int standard, int min, int max) {
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
        .orElse(standard);
  }

  /** Notes that a variable is wrong. */
  void problem(String name, String mustBe) {
    problems.add(name + " " + mustBe);
  }

  /** Notes every variable of a prefix that is not known: most likely a slip of the pen. */
  void refuseUnknown(String prefix, List<String> known) {
    variables.keySet().stream()
        .filter(name -> name.startsWith(prefix) && !known.contains(name))
        .sorted()
        .forEach(name -> problem(name, "is not a setting; there are " + String.join(", ", known)));
  }

  /** Everything that is wrong, in the order in which it was found. */
  List<String> problems() {
    return List.copyOf(problems);
  }
}
