package dev.atelier.application.store;

import dev.atelier.application.port.BlobLink;
import dev.atelier.application.port.BlobSpool;
import dev.atelier.application.port.BlobStore;
import dev.atelier.application.port.ByteRange;
import dev.atelier.application.port.UnavailableException;
import dev.atelier.domain.Asset;
import dev.atelier.domain.BlobKey;
import dev.atelier.domain.MediaType;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes to a spool while the main store is unavailable.
 *
 * <p>Reads try the spool first, because a move copies before it deletes: in this order a read never
 * misses a blob.
 */
public final class FallbackBlobStore implements BlobStore {
  /** Longer than the timeout of the main store. */
  public static final Duration PAUSE = Duration.ofSeconds(30);

  private static final Logger log = LoggerFactory.getLogger(FallbackBlobStore.class);

  private final BlobStore store;
  private final BlobSpool spool;
  private final Clock clock;
  private Optional<Instant> pausedSince = Optional.empty();

  public FallbackBlobStore(BlobStore store, BlobSpool spool, Clock clock) {
    this.store = store;
    this.spool = spool;
    this.clock = clock;
  }

  /** Requires a source that supports {@link InputStream#reset()}, for the spool. */
  @Override
  public Asset put(BlobKey key, MediaType type, InputStream source) throws IOException {
    Optional<Asset> spooled = spooled(key, type);
    if (spooled.isPresent()) {
      return spooled.get();
    }
    source.mark(0); // 0 keeps the source from buffering
    return mayUseStore() ? putToStore(key, type, source) : putToSpool(key, type, source);
  }

  private Asset putToStore(BlobKey key, MediaType type, InputStream source) throws IOException {
    try {
      Asset asset = store.put(key, type, source);
      resume();
      return asset;
    } catch (UnavailableException e) {
      pause();
      rewind(source, e);
      log.warn("storage unavailable, spooling the blob: key={}: {}", key, e.reason());
      return spool.put(key, type, source);
    }
  }

  private Asset putToSpool(BlobKey key, MediaType type, InputStream source) throws IOException {
    try {
      return spool.put(key, type, source);
    } catch (UnavailableException e) {
      rewind(source, e);
      log.warn("spool unavailable, writing the blob to the storage: key={}: {}", key, e.reason());
      return store.put(key, type, source);
    }
  }

  private synchronized boolean mayUseStore() {
    if (pausedSince.isEmpty()) {
      return true;
    }
    boolean over = !clock.instant().isBefore(pausedSince.get().plus(PAUSE));
    if (over) {
      pause();
    }
    return over;
  }

  private synchronized void pause() {
    pausedSince = Optional.of(clock.instant());
  }

  private synchronized void resume() {
    pausedSince = Optional.empty();
  }

  /** An outage of the database must not prevent the write to the main store. */
  private Optional<Asset> spooled(BlobKey key, MediaType type) {
    try {
      return spool.find(key, type);
    } catch (UnavailableException e) {
      log.warn("spool unavailable, writing the blob to the storage: key={}: {}", key, e.reason());
      return Optional.empty();
    }
  }

  private static void rewind(InputStream source, UnavailableException failure) {
    try {
      source.reset();
    } catch (IOException e) {
      failure.addSuppressed(e);
      throw failure;
    }
  }

  @Override
  public Optional<Asset> find(BlobKey key, MediaType type) {
    return fromEither(blobs -> blobs.find(key, type));
  }

  @Override
  public Optional<InputStream> open(BlobKey key, ByteRange range) {
    return fromEither(blobs -> blobs.open(key, range));
  }

  @Override
  public Optional<BlobLink> link(BlobKey key, String disposition) {
    try {
      return store.link(key, disposition);
    } catch (UnavailableException e) {
      log.warn(
          "storage unavailable, serving the blob from the spool if it is there: key={}: {}",
          key,
          e.reason());
      return Optional.empty();
    }
  }

  /** The spool first, so that no drain copies the blob afterwards. */
  @Override
  public void delete(BlobKey key) {
    spool.delete(key);
    store.delete(key);
  }

  /** Finding nothing requires that both were available. */
  private <T> Optional<T> fromEither(Function<BlobStore, Optional<T>> read) {
    Optional<T> spooled;
    try {
      spooled = read.apply(spool);
    } catch (UnavailableException e) {
      return Optional.of(read.apply(store).orElseThrow(() -> e));
    }
    return spooled.isPresent() ? spooled : read.apply(store);
  }
}
