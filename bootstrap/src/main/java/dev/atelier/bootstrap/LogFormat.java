package dev.atelier.bootstrap;

import ch.qos.logback.core.PropertyDefinerBase;
import java.util.Map;

/**
 * How the log is written: {@code json} for a machine, {@code text} for a terminal. By {@code
 * LOG_FORMAT}, and by where the service runs if that is not set. The log is needed to tell that a
 * setting is wrong, so a wrong one counts as unset here.
 */
public final class LogFormat extends PropertyDefinerBase {
  static final String JSON = "json";
  static final String TEXT = "text";

  @Override
  public String getPropertyValue() {
    return of(System.getenv());
  }

  static String of(Map<String, String> variables) {
    String set = variables.getOrDefault("LOG_FORMAT", "").strip();
    if (set.equals(JSON) || set.equals(TEXT)) {
      return set;
    }
    return variables.getOrDefault("K_SERVICE", "").isBlank() ? TEXT : JSON;
  }

  /**
   * Checks what was set.
   *
   * @throws IllegalArgumentException telling what it must be
   */
  static String require(String text) {
    if (!text.equals(JSON) && !text.equals(TEXT)) {
      throw new IllegalArgumentException("must be json or text");
    }
    return text;
  }
}
