package dev.atelier.application.promise;

import dev.atelier.application.port.BlobStore;
import dev.atelier.application.port.ByteRange;
import dev.atelier.application.port.InMemoryBlobStore;
import dev.atelier.domain.Asset;
import dev.atelier.domain.BlobKey;
import dev.atelier.domain.MediaType;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The blob store, with somebody who remembers when each blob came. */
final class Storage implements BlobStore {
  private final InMemoryBlobStore blobs = new InMemoryBlobStore();
  private final Map<BlobKey, Instant> since = new HashMap<>();
  private final Clock clock;

  Storage(Clock clock) {
    this.clock = clock;
  }

  void breakDown(boolean down) {
    blobs.breakDown(down);
  }

  /** Whether the blob was there before that moment, for anyone who cared to look. */
  boolean keptBefore(BlobKey key, Instant moment) {
    return Optional.ofNullable(since.get(key)).filter(it -> it.isBefore(moment)).isPresent();
  }

  Set<BlobKey> keys() {
    return since.keySet();
  }

  Optional<byte[]> bytes(BlobKey key) {
    return open(key)
        .map(
            stream -> {
              try (stream) {
                return stream.readAllBytes();
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
  }

  @Override
  public Asset put(BlobKey key, MediaType type, InputStream source) throws IOException {
    Asset asset = blobs.put(key, type, source);
    since.putIfAbsent(key, clock.instant());
    return asset;
  }

  @Override
  public Optional<Asset> find(BlobKey key, MediaType type) {
    return blobs.find(key, type);
  }

  @Override
  public Optional<InputStream> open(BlobKey key, ByteRange range) {
    return blobs.open(key, range);
  }

  @Override
  public void delete(BlobKey key) {
    blobs.delete(key);
    since.remove(key);
  }
}
