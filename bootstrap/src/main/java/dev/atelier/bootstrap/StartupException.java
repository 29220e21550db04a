package dev.atelier.bootstrap;

/** The service cannot start. The message is one line for the operator, shown without a stack. */
final class StartupException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  StartupException(String message) {
    super(message);
  }

  StartupException(String message, Throwable cause) {
    super(message, cause);
  }
}
