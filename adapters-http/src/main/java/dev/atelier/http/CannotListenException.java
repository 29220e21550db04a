package dev.atelier.http;

/** The port is in use by somebody else, or not ours to take. */
public final class CannotListenException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  CannotListenException(int port, Throwable cause) {
    super("cannot listen on port " + port + ": " + reason(cause), cause);
  }

  private static String reason(Throwable thrown) {
    Throwable deepest = thrown;
    while (deepest.getCause() != null) {
      deepest = deepest.getCause();
    }
    return String.valueOf(deepest.getMessage());
  }
}
