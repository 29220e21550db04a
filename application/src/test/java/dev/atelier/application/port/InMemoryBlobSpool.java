package dev.atelier.application.port;

import dev.atelier.domain.Asset;
import dev.atelier.domain.BlobKey;
import dev.atelier.domain.MediaType;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** An in-memory {@link BlobSpool}. */
public final class InMemoryBlobSpool implements BlobSpool {
  private final InMemoryBlobStore blobs = new InMemoryBlobStore();
  private final Map<BlobKey, Due> due = new LinkedHashMap<>();

  private record Due(Asset asset, Instant at) {}

  /** Makes every call fail, or work again. */
  public void breakDown(boolean down) {
    blobs.breakDown(down);
  }

  /** The number of spooled blobs. */
  public synchronized int size() {
    return due.size();
  }

  @Override
  public Asset put(BlobKey key, MediaType type, InputStream source) throws IOException {
    Asset asset = blobs.put(key, type, source);
    synchronized (this) {
      due.putIfAbsent(key, new Due(asset, Instant.MIN));
    }
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
  public synchronized Optional<Asset> claim(Instant now, Duration lease) {
    blobs.requireWorking();
    Optional<Asset> longest =
        due.values().stream()
            .filter(blob -> !blob.at().isAfter(now))
            .min(Comparator.comparing(Due::at))
            .map(Due::asset);
    longest.ifPresent(asset -> postpone(asset.key(), now.plus(lease)));
    return longest;
  }

  @Override
  public synchronized void postpone(BlobKey key, Instant dueAt) {
    blobs.requireWorking();
    due.computeIfPresent(key, (_, blob) -> new Due(blob.asset(), dueAt));
  }

  @Override
  public synchronized void delete(BlobKey key) {
    blobs.delete(key);
    due.remove(key);
  }
}
