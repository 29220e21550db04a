package dev.atelier.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.atelier.application.port.Secret;
import io.javalin.http.Context;
import java.security.MessageDigest;
import java.util.Optional;

/**
 * What the operator's own scheduler and monitoring bear.
 *
 * @param key empty when there is none, so that nobody bears it
 */
record InternalKey(Optional<Secret> key) {

  /** Whether there is one. */
  boolean isSet() {
    return key.isPresent();
  }

  /**
   * Lets only those pass who bear it.
   *
   * @throws UnauthenticatedException when the request does not
   */
  void require(Context ctx) {
    String given = Bearer.token(ctx);
    if (key.filter(wanted -> same(wanted, given)).isEmpty()) {
      throw new UnauthenticatedException("another key than INTERNAL_KEY");
    }
  }

  /** Whether the request bears it. */
  boolean isBorneBy(Context ctx) {
    try {
      require(ctx);
      return true;
    } catch (UnauthenticatedException e) {
      return false;
    }
  }

  /** In a time that tells nothing about how much of it is right. */
  private static boolean same(Secret wanted, String given) {
    return MessageDigest.isEqual(wanted.value().getBytes(UTF_8), given.getBytes(UTF_8));
  }
}
