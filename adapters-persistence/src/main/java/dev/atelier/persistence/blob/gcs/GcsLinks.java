package dev.atelier.persistence.blob.gcs;

import com.google.auth.ServiceAccountSigner;
import com.google.cloud.storage.BlobInfo;
import com.google.cloud.storage.Storage;
import com.google.cloud.storage.Storage.SignUrlOption;
import dev.atelier.application.port.BlobLink;
import dev.atelier.application.port.UnavailableException;
import dev.atelier.domain.BlobKey;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Creates V4 signed or public URLs. A URL is reused for half of its lifetime, because on Cloud Run
 * each signature is an IAM call with a quota.
 */
final class GcsLinks {
  private static final Logger log = LoggerFactory.getLogger(GcsLinks.class);

  /** A few megabytes. */
  private static final int MAX_CACHED = 10_000;

  /** After a failed signature, so that requests do not wait for repeated failures. */
  static final Duration PAUSE = Duration.ofMinutes(1);

  private final int maxCached;
  private final GcsSettings settings;
  private final GcsClient client;
  private final Clock clock;
  private final Map<Request, CachedLink> cache = new LinkedHashMap<>(16, 0.75f, true);
  private volatile Instant pausedUntil = Instant.MIN;
  private volatile boolean hasSigned;

  private record Request(BlobKey key, String disposition) {}

  private record CachedLink(URI url, Instant renewAt, Instant expiresAt) {}

  GcsLinks(GcsSettings settings, GcsClient client, Clock clock) {
    this(settings, client, clock, MAX_CACHED);
  }

  GcsLinks(GcsSettings settings, GcsClient client, Clock clock, int maxCached) {
    this.maxCached = maxCached;
    this.settings = settings;
    this.client = client;
    this.clock = clock;
  }

  /**
   * Signs a test URL unless one was signed before.
   *
   * @throws UnavailableException if the signer fails
   */
  void check() {
    if (settings.publicUrl().isEmpty() && !hasSigned && canSign(client.get())) {
      try {
        var _ = sign(client.get(), "check", "inline");
      } catch (RuntimeException e) {
        throw new UnavailableException(
            "cannot sign URLs for the bucket "
                + settings.bucket()
                + ": the service account needs iam.serviceAccounts.signBlob on"
                + " itself (the role Service Account Token Creator), and the IAM Service Account"
                + " Credentials API must be on",
            GcsErrors.withoutMessage(e));
      }
    }
  }

  /**
   * @param exists called only before a new URL is created
   */
  Optional<BlobLink> get(BlobKey key, String disposition, BooleanSupplier exists) {
    var request = new Request(key, disposition);
    Instant now = clock.instant();
    Optional<CachedLink> link = lookUp(request, now);
    if (link.isEmpty() && canSignAt(now) && exists.getAsBoolean()) {
      link = create(key, disposition, now);
      link.ifPresent(created -> cache(request, created));
    }
    return link.map(found -> new BlobLink(found.url(), Duration.between(now, found.expiresAt())));
  }

  private boolean canSignAt(Instant now) {
    return settings.publicUrl().isPresent()
        || (canSign(client.get()) && !now.isBefore(pausedUntil));
  }

  private Optional<CachedLink> create(BlobKey key, String disposition, Instant now) {
    Instant renewAt = now.plus(settings.urlLife().dividedBy(2));
    Instant expiresAt = now.plus(settings.urlLife());
    if (settings.publicUrl().isPresent()) {
      URI url = URI.create(settings.publicUrl().get() + "/" + key);
      return Optional.of(new CachedLink(url, renewAt, expiresAt));
    }
    try {
      URI url = sign(client.get(), settings.prefix() + key, disposition);
      return Optional.of(new CachedLink(url, renewAt, expiresAt));
    } catch (RuntimeException e) { // Atelier can serve the bytes
      pausedUntil = now.plus(PAUSE);
      log.warn(
          "cannot sign URLs; serving assets directly: pause={}",
          PAUSE,
          GcsErrors.withoutMessage(e));
      return Optional.empty();
    }
  }

  private URI sign(Storage storage, String object, String disposition) {
    var options =
        new ArrayList<>(
            List.of(
                SignUrlOption.withV4Signature(),
                SignUrlOption.withQueryParams(
                    Map.of("response-content-disposition", disposition))));
    // By default the client signs for Google's host, even if another endpoint is set.
    settings
        .endpoint()
        .ifPresent(endpoint -> options.add(SignUrlOption.withHostName(endpoint.toString())));
    String url =
        storage
            .signUrl(
                BlobInfo.newBuilder(settings.bucket(), object).build(),
                settings.urlLife().toSeconds(),
                TimeUnit.SECONDS,
                options.toArray(SignUrlOption[]::new))
            .toString();
    hasSigned = true;
    return URI.create(url);
  }

  private static boolean canSign(Storage storage) {
    return storage.getOptions().getCredentials() instanceof ServiceAccountSigner;
  }

  private Optional<CachedLink> lookUp(Request request, Instant now) {
    synchronized (cache) {
      return Optional.ofNullable(cache.get(request)).filter(link -> now.isBefore(link.renewAt()));
    }
  }

  private void cache(Request request, CachedLink link) {
    synchronized (cache) {
      cache.put(request, link);
      if (cache.size() > maxCached) {
        cache.remove(cache.keySet().iterator().next());
      }
    }
  }

  void forget(BlobKey key) {
    synchronized (cache) {
      cache.keySet().removeIf(request -> request.key().equals(key));
    }
  }
}
