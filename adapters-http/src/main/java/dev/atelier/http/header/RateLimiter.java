package dev.atelier.http.header;

import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.TimeMeter;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** Limits the request rate of each caller with a token bucket. */
final class RateLimiter {
  /** Time to refill an empty bucket. */
  static final Duration WINDOW = Duration.ofMinutes(1);

  /** Beyond this, the caller inactive for longest is dropped. */
  static final int MAX_CALLERS = 10_000;

  private final int perMinute;
  private final TimeMeter time;
  private final Map<String, Bucket> buckets =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Bucket> eldest) {
          return size() > MAX_CALLERS;
        }
      };

  RateLimiter(int perMinute, Clock clock) {
    this.perMinute = perMinute;
    this.time =
        new TimeMeter() {
          @Override
          public long currentTimeNanos() {
            Instant now = clock.instant();
            return now.getEpochSecond() * 1_000_000_000 + now.getNano();
          }

          @Override
          public boolean isWallClockBased() {
            return true;
          }
        };
  }

  /**
   * @param untilFull time until the bucket is full
   * @param untilNext zero if this request is allowed
   */
  record Allowance(boolean allowed, long remaining, Duration untilFull, Duration untilNext) {}

  int perMinute() {
    return perMinute;
  }

  Allowance count(String caller) {
    ConsumptionProbe probe = bucket(caller).tryConsumeAndReturnRemaining(1);
    return new Allowance(
        probe.isConsumed(),
        probe.getRemainingTokens(),
        Duration.ofNanos(probe.getNanosToWaitForReset()),
        Duration.ofNanos(probe.getNanosToWaitForRefill()));
  }

  private Bucket bucket(String caller) {
    synchronized (buckets) {
      return buckets.computeIfAbsent(caller, _ -> newBucket());
    }
  }

  private Bucket newBucket() {
    return Bucket.builder()
        .addLimit(limit -> limit.capacity(perMinute).refillGreedy(perMinute, WINDOW))
        .withCustomTimePrecision(time)
        .build();
  }
}
