package dev.atelier.http;

import dev.atelier.domain.UserId;

/** Who calls, as their credential shows. */
sealed interface Caller {

  /**
   * Somebody who may speak for any user.
   *
   * @param name of the key, or the address where there is none
   */
  record Trusted(String name) implements Caller {}

  /** Somebody who speaks for themselves. */
  record User(UserId id) implements Caller {}

  /** Somebody who was given a signed link, which is good for the one output it leads to. */
  record LinkHolder() implements Caller {}
}
