package dev.atelier.http;

import io.javalin.http.Context;

/** Finds out who calls. */
@FunctionalInterface
interface Authenticator {
  /**
   * Who calls, by the credential of the request.
   *
   * @throws UnauthenticatedException when it has none, or one that is not good
   * @throws dev.atelier.application.port.UnavailableException when that cannot be told now
   */
  Caller authenticate(Context ctx);
}
