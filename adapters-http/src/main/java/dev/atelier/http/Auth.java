package dev.atelier.http;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** How callers show who they are. */
public sealed interface Auth {

  /** They need not: whoever reaches the port is trusted, and may speak for any user. */
  record None() implements Auth {}

  /**
   * Servers that are trusted, each by a key of its own; they may speak for any user.
   *
   * @param keys at least one; any of them will do
   */
  record ApiKeys(List<ApiKey> keys) implements Auth {
    /**
     * @throws IllegalArgumentException when there is no key, or two have one name
     */
    public ApiKeys {
      keys = List.copyOf(keys);
      if (keys.isEmpty()) {
        throw new IllegalArgumentException("must have at least one key");
      }
      if (keys.stream().map(ApiKey::name).distinct().count() < keys.size()) {
        throw new IllegalArgumentException("must give each key a name of its own");
      }
    }
  }

  /**
   * Users, by the tokens of an OpenID Connect issuer; each sees only what is theirs.
   *
   * @param issuer exactly as tokens name it in {@code iss}: an http or https URL
   * @param audiences any of which a token must be meant for
   * @param keysUrl where the issuer's keys are; empty asks the issuer by OpenID Connect Discovery
   */
  record Jwt(URI issuer, Set<String> audiences, Optional<URI> keysUrl) implements Auth {
    /**
     * @throws IllegalArgumentException when there is no audience: any token of the issuer would do
     */
    public Jwt {
      audiences = Set.copyOf(audiences);
      if (audiences.isEmpty()) {
        throw new IllegalArgumentException("must have at least one audience");
      }
    }
  }
}
