package dev.atelier.application.port;

/** A key or password; {@link #toString} hides it. */
public record Secret(String value) {
  @Override
  public String toString() {
    return "[REDACTED]";
  }
}
