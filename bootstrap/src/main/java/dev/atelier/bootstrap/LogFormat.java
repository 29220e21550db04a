package dev.atelier.bootstrap;

import ch.qos.logback.core.PropertyDefinerBase;
import java.util.Map;

/**
 * The log format, from {@code LOG_FORMAT}; by default {@code json} on Cloud Run. An invalid value
 * counts as unset, so that the log can report it.
 */
public final class LogFormat extends PropertyDefinerBase {
  static final String JSON = "json";
  static final String TEXT = "text";

  @Override
  public String getPropertyValue() {
    return of(System.getenv());
  }

  static String of(Map<String, String> variables) {
    String configured = variables.getOrDefault("LOG_FORMAT", "").strip();
    if (configured.equals(JSON) || configured.equals(TEXT)) {
      return configured;
    }
    return variables.getOrDefault("K_SERVICE", "").isBlank() ? TEXT : JSON;
  }

  static String require(String text) {
    if (!text.equals(JSON) && !text.equals(TEXT)) {
      throw new IllegalArgumentException("must be json or text");
    }
    return text;
  }
}
