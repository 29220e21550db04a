package dev.atelier.http.auth;

/** A missing or invalid credential. The reason is logged, not sent to the client. */
public final class UnauthenticatedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UnauthenticatedException(String reason) {
    super(reason, null, false, false);
  }
}
