package dev.atelier.http.auth;

import io.javalin.http.Context;

/** Identifies the caller of a request by its credential. */
@FunctionalInterface
public interface Authenticator {
  /**
   * Identifies the caller.
   *
   * @throws UnauthenticatedException when the credential is missing or invalid
   * @throws dev.atelier.application.port.UnavailableException when it cannot be verified now
   */
  Caller authenticate(Context ctx);
}
