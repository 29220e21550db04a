package dev.atelier.http.auth;

import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.CachingJWKSetSource;
import com.nimbusds.jose.jwk.source.JWKSetCacheRefreshEvaluator;
import com.nimbusds.jose.jwk.source.JWKSetSource;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.OutageTolerantJWKSetSource;
import com.nimbusds.jose.jwk.source.RateLimitReachedException;
import com.nimbusds.jose.jwk.source.RateLimitedJWKSetSource;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.events.Event;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Caches the keys of the JWT issuer. A token with an unknown key triggers a rate-limited refresh.
 */
final class JwksCache implements JWKSource<SecurityContext> {
  private static final Logger log = LoggerFactory.getLogger(JwksCache.class);

  static final Duration TIME_TO_LIVE = Duration.ofMinutes(10);

  /** Expired keys stay valid while the issuer is unreachable. */
  static final Duration STALE_TIME_TO_LIVE = Duration.ofHours(24);

  /** Of two requests. */
  static final Duration MIN_REFRESH_INTERVAL = Duration.ofSeconds(10);

  /** While another request refreshes. */
  private static final Duration REFRESH_TIMEOUT = Duration.ofSeconds(15);

  private final JWKSetSource<SecurityContext> source;
  private final Clock clock;

  JwksCache(JWKSetSource<SecurityContext> issuer, Clock clock) {
    this.clock = clock;
    var outageTolerant =
        new OutageTolerantJWKSetSource<>(
            issuer, STALE_TIME_TO_LIVE.toMillis(), JwksCache::logOutage);
    this.source =
        new CachingJWKSetSource<>(
            new RateLimitedJWKSetSource<>(outageTolerant, MIN_REFRESH_INTERVAL.toMillis(), null),
            TIME_TO_LIVE.toMillis(),
            REFRESH_TIMEOUT.toMillis(),
            null);
  }

  private static void logOutage(
      Event<OutageTolerantJWKSetSource<SecurityContext>, SecurityContext> event) {
    if (event instanceof OutageTolerantJWKSetSource.OutageEvent<SecurityContext> outage) {
      log.warn(
          "JWKS refresh failed, using the expired keys: {}", outage.getException().getMessage());
    }
  }

  @Override
  public List<JWK> get(JWKSelector selector, @Nullable SecurityContext context)
      throws KeySourceException {
    JWKSet keys = source.getJWKSet(JWKSetCacheRefreshEvaluator.noRefresh(), clock.millis(), null);
    List<JWK> selected = selector.select(keys);
    if (!selected.isEmpty()) {
      return selected;
    }
    try {
      var ifChanged = JWKSetCacheRefreshEvaluator.referenceComparison(keys);
      return selector.select(source.getJWKSet(ifChanged, clock.millis(), null));
    } catch (RateLimitReachedException e) {
      return List.of(); // just refreshed
    }
  }
}
