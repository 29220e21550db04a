package dev.atelier.bootstrap;

import java.util.List;

/** The environment does not make sense; it tells everything that is wrong with it. */
final class InvalidSettingsException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient List<String> problems;

  InvalidSettingsException(List<String> problems) {
    super(String.join("\n", problems));
    this.problems = List.copyOf(problems);
  }

  /** A line per problem: the variable's name and what it must look like, never its value. */
  List<String> problems() {
    return problems;
  }
}
