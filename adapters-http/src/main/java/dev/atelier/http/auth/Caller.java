package dev.atelier.http.auth;

import dev.atelier.domain.UserId;

/** An authenticated caller. */
public sealed interface Caller {

  /**
   * May act for any user.
   *
   * @param name of the API key; without authentication, the IP address
   */
  record TrustedServer(String name) implements Caller {}

  /** May act only for themselves. */
  record User(UserId id) implements Caller {}

  /** May read the one output of a signed link. */
  record LinkHolder() implements Caller {}
}
