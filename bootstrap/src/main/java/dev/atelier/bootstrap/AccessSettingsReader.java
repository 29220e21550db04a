package dev.atelier.bootstrap;

import dev.atelier.application.port.Secret;
import dev.atelier.http.auth.AccessSettings;
import dev.atelier.http.auth.ApiKey;
import dev.atelier.http.auth.AuthMode;
import dev.atelier.http.auth.LinkSigning;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads the settings for authentication, signed links, rate limit and CORS. */
final class AccessSettingsReader {
  private static final String NONE = "none";
  private static final String API_KEY = "api-key";
  private static final String JWT = "jwt";

  private static final Pattern ORIGIN =
      Pattern.compile("https?://([a-z0-9.-]+|\\[[0-9a-f:]+\\])(:[0-9]{1,5})?");

  private final Environment environment;
  private final String mode;

  private AccessSettingsReader(Environment environment) {
    this.environment = environment;
    this.mode = environment.value("AUTH", AccessSettingsReader::mode).orElse(NONE);
  }

  static AccessSettings read(Environment environment) {
    return new AccessSettingsReader(environment).accessSettings();
  }

  private AccessSettings accessSettings() {
    Optional<AuthMode> apiKeys = environment.value("API_KEYS", AccessSettingsReader::apiKeys);
    Optional<AuthMode> jwt = jwt();
    // A credential that AUTH does not use would suggest protection that does not exist.
    onlyWith(API_KEY, "API_KEYS");
    onlyWith(JWT, "JWT_ISSUER", "JWT_AUDIENCE", "JWT_JWKS_URL");
    Optional<AuthMode> auth =
        switch (mode) {
          case API_KEY -> required("API_KEYS", apiKeys);
          case JWT -> required("JWT_ISSUER", required("JWT_AUDIENCE", jwt));
          default -> Optional.empty();
        };
    return new AccessSettings(
        auth.orElseGet(AuthMode.None::new), links(), requestsPerMinute(), corsOrigins());
  }

  /** Links need a signature only if requests need a credential. */
  private Optional<LinkSigning> links() {
    Duration lifetime = Duration.ofSeconds(environment.number("LINK_LIFETIME", 3600, 60, 604_800));
    Optional<LinkSigning> links =
        environment.value(
            "LINK_KEY",
            text -> new LinkSigning(Settings.entries(text).map(Secret::new).toList(), lifetime));
    return mode.equals(NONE) ? Optional.empty() : required("LINK_KEY", links);
  }

  /** Trusted servers call on behalf of many users, so only JWT callers are limited by default. */
  private OptionalInt requestsPerMinute() {
    int perMinute = environment.number("RATE_LIMIT", mode.equals(JWT) ? 600 : 0, 0, 1_000_000);
    return perMinute == 0 ? OptionalInt.empty() : OptionalInt.of(perMinute);
  }

  private Set<String> corsOrigins() {
    return environment
        .value(
            "CORS_ORIGINS",
            text ->
                Settings.entries(text)
                    .map(AccessSettingsReader::origin)
                    .collect(Collectors.toSet()))
        .orElse(Set.of());
  }

  private Optional<AuthMode> jwt() {
    Optional<URI> issuer = environment.value("JWT_ISSUER", AccessSettingsReader::url);
    Optional<URI> keysUrl = environment.value("JWT_JWKS_URL", AccessSettingsReader::url);
    Set<String> audiences =
        environment.text("JWT_AUDIENCE").stream()
            .flatMap(Settings::entries)
            .collect(Collectors.toSet());
    return issuer.isPresent() && !audiences.isEmpty()
        ? Optional.of(new AuthMode.Jwt(issuer.get(), audiences, keysUrl))
        : Optional.empty();
  }

  private <T> Optional<T> required(String name, Optional<T> value) {
    if (environment.text(name).isEmpty()) {
      environment.problem(name, "must be set with AUTH=" + mode);
    }
    return value;
  }

  private void onlyWith(String required, String... names) {
    Stream.of(names)
        .filter(name -> environment.text(name).isPresent() && !mode.equals(required))
        .forEach(name -> environment.problem(name, "is only used with AUTH=" + required));
  }

  private static String mode(String text) {
    if (!List.of(NONE, API_KEY, JWT).contains(text)) {
      throw new IllegalArgumentException("must be none, api-key or jwt");
    }
    return text;
  }

  private static AuthMode apiKeys(String text) {
    return new AuthMode.ApiKeys(
        Settings.entries(text)
            .map(entry -> entry.split(":", -1))
            .map(
                parts ->
                    parts.length == 2
                        ? new ApiKey(parts[0].strip(), parts[1].strip())
                        : new ApiKey("", ""))
            .toList());
  }

  private static String origin(String text) {
    if (!text.equals("*") && !ORIGIN.matcher(text).matches()) {
      throw new IllegalArgumentException(
          "must be * or look like https://host or http://host:port, in lower case, without a"
              + " path");
    }
    return text;
  }

  /** Keeps the URL unchanged: issuers are compared character by character. */
  private static URI url(String text) {
    Settings.baseUrl(text);
    return URI.create(text);
  }
}
