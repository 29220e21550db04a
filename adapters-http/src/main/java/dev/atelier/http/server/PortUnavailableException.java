package dev.atelier.http.server;

/** The port is in use, or this process may not bind it. */
public final class PortUnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  PortUnavailableException(int port, Throwable cause) {
    super("cannot listen on port " + port + ": " + reason(cause), cause);
  }

  private static String reason(Throwable thrown) {
    Throwable rootCause = thrown;
    while (rootCause.getCause() != null) {
      rootCause = rootCause.getCause();
    }
    return String.valueOf(rootCause.getMessage());
  }
}
