package dev.atelier.http.auth;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.atelier.http.request.Sha256;
import io.javalin.http.Context;
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
    byte[] digest = Sha256.digest(BearerToken.token(ctx).getBytes(UTF_8));
    Optional<ApiKey> known = Optional.empty();
    for (ApiKey key : keys) {
      // No early exit: the duration must not reveal which key matched.
      known = key.matches(digest) ? Optional.of(key) : known;
    }
    return known
        .map(key -> new Caller.TrustedServer(key.name()))
        .orElseThrow(() -> new UnauthenticatedException("unknown API key"));
  }
}
