package dev.atelier.application;

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
 * The blob store, with a spool behind it: what the store cannot take now is spooled, and {@link
 * DrainSpool} moves it later. Whoever reads need not know where a blob is.
 *
 * <p>The spool is asked before the store. Blobs only ever move from the spool into the store, and
 * are in both for a moment; so one that moves meanwhile is missed by neither look.
 */
public final class FallbackBlobStore implements BlobStore {
  /**
   * For how long a store that could not take a blob is not offered another: longer than one that
   * hangs takes to say so, or every transfer would wait for it in turn.
   */
  static final Duration PAUSE = Duration.ofSeconds(30);

  private static final Logger log = LoggerFactory.getLogger(FallbackBlobStore.class);

  private final BlobStore store;
  private final BlobSpool spool;
  private final Clock clock;
  private Optional<Instant> pausedSince = Optional.empty();

  /** Wires the two. */
  public FallbackBlobStore(BlobStore store, BlobSpool spool, Clock clock) {
    this.store = store;
    this.spool = spool;
    this.clock = clock;
  }

  /**
   * Writes to the store or, where that is broken, to the spool. The one may have read half of the
   * source when it broke, so the source is read again from its start: it must support {@link
   * InputStream#reset()}, or else a broken store is all there is.
   */
  @Override
  public Asset put(BlobKey key, MediaType type, InputStream source) throws IOException {
    Optional<Asset> spooled = spooled(key, type);
    if (spooled.isPresent()) {
      return spooled.get();
    }
    source.mark(0); // a source that would have to remember what was read need not
    return mayTry() ? putFirst(key, type, source) : spoolFirst(key, type, source);
  }

  private Asset putFirst(BlobKey key, MediaType type, InputStream source) throws IOException {
    try {
      Asset asset = store.put(key, type, source);
      works();
      return asset;
    } catch (UnavailableException e) {
      pause();
      rewind(source, e);
      log.warn("the storage is not available; {} is spooled: {}", key, e.reason());
      return spool.put(key, type, source);
    }
  }

  private Asset spoolFirst(BlobKey key, MediaType type, InputStream source) throws IOException {
    try {
      return spool.put(key, type, source);
    } catch (UnavailableException e) {
      rewind(source, e);
      log.warn(
          "the spool is not available either; {} is put into the storage: {}", key, e.reason());
      return store.put(key, type, source);
    }
  }

  /** When the pause is over one goes ahead; the others follow when that has shown that it works. */
  private synchronized boolean mayTry() {
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

  private synchronized void works() {
    pausedSince = Optional.empty();
  }

  /** A database that is down is no reason not to keep the bytes: they are found when it is back. */
  private Optional<Asset> spooled(BlobKey key, MediaType type) {
    try {
      return spool.find(key, type);
    } catch (UnavailableException e) {
      log.warn(
          "the spool is not available; {} is put into the storage all the same: {}",
          key,
          e.reason());
      return Optional.empty();
    }
  }

  private static void rewind(InputStream source, UnavailableException broken) {
    try {
      source.reset();
    } catch (IOException e) {
      broken.addSuppressed(e);
      throw broken;
    }
  }

  @Override
  public Optional<Asset> find(BlobKey key, MediaType type) {
    return inEither(place -> place.find(key, type));
  }

  @Override
  public Optional<InputStream> open(BlobKey key, ByteRange range) {
    return inEither(place -> place.open(key, range));
  }

  /** Of the store alone, and only while it works: what is spooled has to come from us. */
  @Override
  public Optional<BlobLink> link(BlobKey key, String disposition) {
    try {
      return store.link(key, disposition);
    } catch (UnavailableException e) {
      log.warn(
          "the storage is not available; {} is served from here, if it can be: {}",
          key,
          e.reason());
      return Optional.empty();
    }
  }

  /** From the spool first, so that none moves into the store that was just removed from there. */
  @Override
  public void delete(BlobKey key) {
    spool.delete(key);
    store.delete(key);
  }

  /** What one of them has is there; what neither has is not there only if both could be asked. */
  private <T> Optional<T> inEither(Function<BlobStore, Optional<T>> look) {
    Optional<T> spooled;
    try {
      spooled = look.apply(spool);
    } catch (UnavailableException e) {
      return Optional.of(look.apply(store).orElseThrow(() -> e));
    }
    return spooled.isPresent() ? spooled : look.apply(store);
  }
}
