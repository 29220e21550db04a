package dev.atelier.bootstrap;

import java.util.List;

/** Settings are invalid; lists every problem. */
final class InvalidSettingsException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient List<String> problems;

  InvalidSettingsException(List<String> problems) {
    super(String.join("\n", problems));
    this.problems = List.copyOf(problems);
  }

  /** One line per problem, without the value. */
  List<String> problems() {
    return problems;
  }
}
