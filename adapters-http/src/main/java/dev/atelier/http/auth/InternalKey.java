package dev.atelier.http.auth;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.atelier.application.port.Secret;
import io.javalin.http.Context;
import java.security.MessageDigest;
import java.util.Optional;

/**
 * The operator's bearer token.
 *
 * @param key if empty, no request matches
 */
public record InternalKey(Optional<Secret> key) {

  public boolean isSet() {
    return key.isPresent();
  }

  /** Throws an {@link UnauthenticatedException} unless the request has this token. */
  public void require(Context ctx) {
    String given = BearerToken.token(ctx);
    if (key.filter(expected -> same(expected, given)).isEmpty()) {
      throw new UnauthenticatedException("token does not match INTERNAL_KEY");
    }
  }

  public boolean matches(Context ctx) {
    try {
      require(ctx);
      return true;
    } catch (UnauthenticatedException e) {
      return false;
    }
  }

  /** Compares in constant time. */
  private static boolean same(Secret expected, String given) {
    return MessageDigest.isEqual(expected.value().getBytes(UTF_8), given.getBytes(UTF_8));
  }
}
