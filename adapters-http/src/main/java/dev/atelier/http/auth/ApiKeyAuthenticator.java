package dev.atelier.http.auth;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.javalin.http.Context;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Optional;

/** Authenticates trusted servers by API key. */
public final class ApiKeyAuthenticator implements Authenticator {
  private final List<ApiKey> keys;

  public ApiKeyAuthenticator(List<ApiKey> keys) {
    this.keys = List.copyOf(keys);
  }

  @Override
  public Caller authenticate(Context ctx) {
    byte[] digest = sha256(BearerToken.token(ctx));
    Optional<ApiKey> known = Optional.empty();
    for (ApiKey key : keys) {
      // No early exit: the duration must not reveal which key matched.
      known = key.matches(digest) ? Optional.of(key) : known;
    }
    return known
        .map(key -> new Caller.TrustedServer(key.name()))
        .orElseThrow(() -> new UnauthenticatedException("unknown API key"));
  }

  private static byte[] sha256(String token) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(token.getBytes(UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
