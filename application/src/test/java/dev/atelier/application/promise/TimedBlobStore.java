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

/** A blob store that records when each blob was written. */
final class TimedBlobStore implements BlobStore {
  private final InMemoryBlobStore blobs = new InMemoryBlobStore();
  private final Map<BlobKey, Instant> writtenAt = new HashMap<>();
  private final Clock clock;

  TimedBlobStore(Clock clock) {
    this.clock = clock;
  }

  void breakDown(boolean down) {
    blobs.breakDown(down);
  }

  /** Whether the blob was written before this time. */
  boolean existedBefore(BlobKey key, Instant time) {
    return Optional.ofNullable(writtenAt.get(key)).filter(at -> at.isBefore(time)).isPresent();
  }

  Set<BlobKey> keys() {
    return writtenAt.keySet();
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
    writtenAt.putIfAbsent(key, clock.instant());
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
    writtenAt.remove(key);
  }
}
