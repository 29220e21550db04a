package dev.atelier.application.port;

import dev.atelier.domain.Asset;
import dev.atelier.domain.BlobKey;
import dev.atelier.domain.MediaType;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** An in-memory {@link BlobStore}. */
public final class InMemoryBlobStore implements BlobStore {
  /** The validity of its links. */
  public static final Duration LINK_LIFE = Duration.ofMinutes(10);

  private final ConcurrentMap<BlobKey, byte[]> blobs = new ConcurrentHashMap<>();
  private volatile Optional<URI> publicUrl = Optional.empty();
  private volatile boolean broken;

  /** Makes every call fail, or work again. */
  public void breakDown(boolean down) {
    broken = down;
  }

  /** Serves blobs at this URL too, under their keys. */
  public void publishAt(URI url) {
    publicUrl = Optional.of(url);
  }

  /** The number of blobs. */
  public int size() {
    return blobs.size();
  }

  @Override
  public Asset put(BlobKey key, MediaType type, InputStream source) throws IOException {
    requireWorking();
    byte[] bytes = source.readAllBytes();
    Asset asset = asset(key, type, bytes);
    byte[] earlier = blobs.putIfAbsent(key, bytes);
    return earlier == null ? asset : asset(key, type, earlier);
  }

  @Override
  public Optional<Asset> find(BlobKey key, MediaType type) {
    requireWorking();
    return Optional.ofNullable(blobs.get(key)).map(bytes -> asset(key, type, bytes));
  }

  @Override
  public Optional<InputStream> open(BlobKey key, ByteRange range) {
    requireWorking();
    return Optional.ofNullable(blobs.get(key)).map(bytes -> part(bytes, range));
  }

  private static InputStream part(byte[] bytes, ByteRange range) {
    int from = (int) Math.min(range.first(), bytes.length);
    return new ByteArrayInputStream(
        bytes, from, (int) Math.min(range.length(), bytes.length - from));
  }

  @Override
  public Optional<BlobLink> link(BlobKey key, String disposition) {
    requireWorking();
    return publicUrl
        .filter(_ -> blobs.containsKey(key))
        .map(url -> new BlobLink(URI.create(url + "/" + key), LINK_LIFE));
  }

  @Override
  public void delete(BlobKey key) {
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
