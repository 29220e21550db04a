package dev.atelier.http.auth;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** How callers authenticate. */
public sealed interface AuthMode {

  /** Every caller is trusted and may act for any user. */
  record None() implements AuthMode {}

  /** Trusted servers, which may act for any user. */
  record ApiKeys(List<ApiKey> keys) implements AuthMode {
    public ApiKeys {
      keys = List.copyOf(keys);
      if (keys.isEmpty()) {
        throw new IllegalArgumentException("must have at least one key");
      }
      if (keys.stream().map(ApiKey::name).distinct().count() < keys.size()) {
        throw new IllegalArgumentException("must give each key a unique name");
      }
    }
  }

  /**
   * Users, who see only their own generations.
   *
   * @param issuer must equal the {@code iss} claim
   * @param audiences accepted {@code aud} claims
   * @param keysUrl if empty, found by OpenID Connect Discovery
   */
  record Jwt(URI issuer, Set<String> audiences, Optional<URI> keysUrl) implements AuthMode {
    public Jwt {
      audiences = Set.copyOf(audiences);
      if (audiences.isEmpty()) {
        throw new IllegalArgumentException("must have at least one audience");
      }
    }
  }
}
