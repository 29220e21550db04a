package dev.atelier.bootstrap;

/**
 * The service cannot start. The message is for whoever started it, in a line; no stack is needed.
 */
final class StartupException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  StartupException(String message) {
    super(message);
  }

  StartupException(String message, Throwable cause) {
    super(message, cause);
  }
}
