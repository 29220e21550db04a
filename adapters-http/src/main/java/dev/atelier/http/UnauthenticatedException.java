package dev.atelier.http;

/** A missing or invalid credential. The reason is logged, and not sent to the client. */
final class UnauthenticatedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UnauthenticatedException(String reason) {
    super(reason, null, false, false);
  }
}
