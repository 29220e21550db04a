package dev.atelier.http;

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
 * The issuer's keys: kept for a while, asked for anew when a token names one that is not among
 * them, though not by every stranger's token; and where the issuer is out of reach, those that were
 * had last.
 */
final class IssuerKeys implements JWKSource<SecurityContext> {
  private static final Logger log = LoggerFactory.getLogger(IssuerKeys.class);

  /** How long keys are believed without asking again. */
  static final Duration KEEP = Duration.ofMinutes(10);

  /** How long old keys are believed while the issuer is out of reach. */
  static final Duration OUTLAST = Duration.ofHours(24);

  /** Within this, the issuer is asked twice at most. */
  static final Duration ASK_EVERY = Duration.ofSeconds(10);

  /** How long a request waits for another that is asking. */
  private static final Duration ASK_AT_MOST = Duration.ofSeconds(15);

  private final JWKSetSource<SecurityContext> source;
  private final Clock clock;

  IssuerKeys(JWKSetSource<SecurityContext> issuer, Clock clock) {
    this.clock = clock;
    var outlasting =
        new OutageTolerantJWKSetSource<>(issuer, OUTLAST.toMillis(), IssuerKeys::logOutage);
    this.source =
        new CachingJWKSetSource<>(
            new RateLimitedJWKSetSource<>(outlasting, ASK_EVERY.toMillis(), null),
            KEEP.toMillis(),
            ASK_AT_MOST.toMillis(),
            null);
  }

  private static void logOutage(
      Event<OutageTolerantJWKSetSource<SecurityContext>, SecurityContext> event) {
    if (event instanceof OutageTolerantJWKSetSource.OutageEvent<SecurityContext> outage) {
      log.warn("still trusting the issuer's old keys: {}", outage.getException().getMessage());
    }
  }

  /**
   * The keys that may have signed a token.
   *
   * @return empty when the issuer has no such key
   * @throws KeySourceException when there are no keys at all to tell that by
   */
  @Override
  public List<JWK> get(JWKSelector selector, @Nullable SecurityContext context)
      throws KeySourceException {
    JWKSet keys = source.getJWKSet(JWKSetCacheRefreshEvaluator.noRefresh(), clock.millis(), null);
    List<JWK> selected = selector.select(keys);
    if (!selected.isEmpty()) {
      return selected;
    }
    try {
      var fresher = JWKSetCacheRefreshEvaluator.referenceComparison(keys);
      return selector.select(source.getJWKSet(fresher, clock.millis(), null));
    } catch (RateLimitReachedException e) {
      return List.of(); // they were asked for a moment ago
    }
  }
}
