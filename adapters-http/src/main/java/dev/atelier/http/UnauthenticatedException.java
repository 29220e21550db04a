package dev.atelier.http;

/** A credential is missing or wrong; which of them, and why, is for the log of debugging alone. */
final class UnauthenticatedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UnauthenticatedException(String reason) {
    super(reason, null, false, false);
  }
}
