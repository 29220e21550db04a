package dev.atelier.persistence.blob.gcs;

import com.google.cloud.storage.Blob;
import dev.atelier.application.port.BlobLink;
import dev.atelier.application.port.BlobStore;
import dev.atelier.application.port.ByteRange;
import dev.atelier.application.port.Dependency;
import dev.atelier.application.port.UnavailableException;
import dev.atelier.domain.Asset;
import dev.atelier.domain.BlobKey;
import dev.atelier.domain.MediaType;
import dev.atelier.persistence.blob.ChecksumInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@link BlobStore} in Google Cloud Storage. A blob becomes visible with its last chunk. Google's
 * checksum is compared with ours.
 */
public final class GcsBlobStore implements BlobStore, Dependency {
  private static final Logger log = LoggerFactory.getLogger(GcsBlobStore.class);

  private static final int BUFFER_BYTES = 64 * 1024;

  private final GcsSettings settings;
  private final GcsBucket bucket;
  private final GcsUploader uploader;
  private final GcsLinks links;

  /** Uses Application Default Credentials. */
  public GcsBlobStore(GcsSettings settings, Clock clock) {
    this(settings, GcsClient.standardCredentials(settings), clock, GcsClient.FIRST_PAUSE);
  }

  /**
   * @param firstPause before the first retry of a call
   */
  GcsBlobStore(
      GcsSettings settings,
      GcsClient.CredentialsSource credentials,
      Clock clock,
      Duration firstPause) {
    this.settings = settings;
    var client = new GcsClient(settings, credentials, clock, firstPause);
    this.bucket = new GcsBucket(settings, client);
    this.uploader = new GcsUploader(bucket, client);
    this.links = new GcsLinks(settings, client, clock);
  }

  @Override
  public String name() {
    return "storage";
  }

  @Override
  public void check() {
    bucket.check();
    links.check();
  }

  /** Keeps an existing blob, even with other content: an earlier attempt stored it. */
  @Override
  public Asset put(BlobKey key, MediaType type, InputStream source) throws IOException {
    var crc32c = new CRC32C();
    var content = new ChecksumInputStream(new CheckedInputStream(source, crc32c));
    byte[] buffer = new byte[BUFFER_BYTES];
    int length = content.readNBytes(buffer, 0, buffer.length);
    if (length == 0) {
      throw new IllegalArgumentException("a blob must not be empty");
    }
    if (!uploader.createIfAbsent(key, type, content, buffer, length)) {
      return existing(key, type, content, crc32c);
    }
    requireSame(key, content, crc32c);
    return content.asset(key, type);
  }

  private void requireSame(BlobKey key, ChecksumInputStream content, CRC32C crc32c) {
    Optional<Blob> stored = bucket.metadata(key);
    if (stored.filter(blob -> matches(blob, content, crc32c)).isPresent()) {
      return;
    }
    stored.ifPresent(bucket::delete);
    throw new UnavailableException(
        "the bucket " + settings.bucket() + " stored other bytes than were sent",
        new IllegalStateException("size or checksum differ"));
  }

  private Asset existing(BlobKey key, MediaType type, ChecksumInputStream content, CRC32C crc32c)
      throws IOException {
    content.drain();
    Optional<Blob> stored = bucket.metadata(key);
    if (stored.filter(blob -> matches(blob, content, crc32c)).isPresent()) {
      return content.asset(key, type);
    }
    log.warn("blob exists with different content; keeping the existing one: key={}", key);
    return find(key, type)
        .orElseThrow(
            () ->
                new UnavailableException(
                    "the blob was deleted during the upload",
                    new IllegalStateException("no such object")));
  }

  private static boolean matches(Blob stored, ChecksumInputStream content, CRC32C crc32c) {
    byte[] bigEndian = ByteBuffer.allocate(4).putInt((int) crc32c.getValue()).array();
    return stored.getSize() == content.size()
        && Base64.getEncoder().encodeToString(bigEndian).equals(stored.getCrc32c());
  }

  @Override
  public Optional<Asset> find(BlobKey key, MediaType type) {
    Optional<Blob> stored = bucket.metadata(key);
    if (stored.isEmpty()) {
      return Optional.empty();
    }
    var crc32c = new CRC32C();
    InputStream bytes = bucket.read(stored.get(), ByteRange.all());
    try (var content = new ChecksumInputStream(new CheckedInputStream(bytes, crc32c))) {
      content.drain();
      if (!matches(stored.get(), content, crc32c)) {
        throw new IOException("size or checksum differ");
      }
      return Optional.of(content.asset(key, type));
    } catch (IOException e) {
      throw new UnavailableException("the bucket " + settings.bucket() + " cannot be read", e);
    }
  }

  @Override
  public Optional<InputStream> open(BlobKey key, ByteRange range) {
    return bucket.metadata(key).map(blob -> bucket.read(blob, range));
  }

  @Override
  public Optional<BlobLink> link(BlobKey key, String disposition) {
    return links.get(key, disposition, () -> bucket.metadata(key).isPresent());
  }

  /** A newer version is kept. */
  @Override
  public void delete(BlobKey key) {
    links.forget(key);
    bucket.metadata(key).ifPresent(bucket::delete);
  }
}
