package dev.atelier.application.port;

/** A key or password. It never prints. */
public record Secret(String value) {
  @Override
  public String toString() {
    return "[REDACTED]";
  }
}
