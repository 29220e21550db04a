package dev.atelier.http.auth;

import io.javalin.http.Context;

/** Identifies the caller of a request by its credential. */
@FunctionalInterface
public interface Authenticator {
  /**
   * Returns the caller.
   *
   * @throws UnauthenticatedException if the credential is missing or invalid
   * @throws dev.atelier.application.port.UnavailableException if it cannot be verified now
   */
  Caller authenticate(Context ctx);
}
