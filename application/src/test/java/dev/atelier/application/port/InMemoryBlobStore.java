package dev.atelier.application.port;

import dev.atelier.domain.Asset;
import dev.atelier.domain.BlobKey;
import dev.atelier.domain.MediaType;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** {@link BlobStore} in a map. */
public final class InMemoryBlobStore implements BlobStore {
  private final ConcurrentMap<BlobKey, byte[]> blobs = new ConcurrentHashMap<>();
  private volatile boolean broken;

  /** From now on every call fails, or works again. */
  public void breakDown(boolean down) {
    broken = down;
  }

  @Override
  public Asset put(BlobKey key, MediaType type, InputStream source) throws IOException {
    requireWorking();
    byte[] bytes = source.readAllBytes();
    byte[] earlier = blobs.putIfAbsent(key, bytes);
    return asset(key, type, earlier == null ? bytes : earlier);
  }

  @Override
  public Optional<Asset> find(BlobKey key, MediaType type) {
    requireWorking();
    return Optional.ofNullable(blobs.get(key)).map(bytes -> asset(key, type, bytes));
  }

  @Override
  public Optional<InputStream> open(BlobKey key) {
    requireWorking();
    return Optional.ofNullable(blobs.get(key)).map(ByteArrayInputStream::new);
  }

  /** For the spool, which lets blobs go again. */
  void remove(BlobKey key) {
    requireWorking();
    blobs.remove(key);
  }

  void requireWorking() {
    if (broken) {
      throw new UnavailableException("the storage is down", new IllegalStateException("scripted"));
    }
  }

  private static Asset asset(BlobKey key, MediaType type, byte[] bytes) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
      return new Asset(key, type, bytes.length, HexFormat.of().formatHex(digest));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
