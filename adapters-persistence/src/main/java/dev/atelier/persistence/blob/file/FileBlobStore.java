package dev.atelier.persistence.blob.file;

import dev.atelier.application.port.BlobStore;
import dev.atelier.application.port.ByteRange;
import dev.atelier.application.port.Dependency;
import dev.atelier.application.port.UnavailableException;
import dev.atelier.domain.Asset;
import dev.atelier.domain.BlobKey;
import dev.atelier.domain.MediaType;
import dev.atelier.persistence.blob.BoundedInputStream;
import dev.atelier.persistence.blob.ChecksumInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * {@link BlobStore} in a directory, which instances may share. Writes a temporary file, syncs it,
 * and hard-links it to its name, because a link never replaces a file.
 */
public final class FileBlobStore implements BlobStore, Dependency {
  /** Longer than any transfer: an older temporary file was left by a crash. */
  static final Duration ABANDONED_AFTER = Duration.ofHours(1);

  private static final int BUFFER_SIZE = 64 * 1024;

  private final Path root;
  private final Path incoming;
  private final Clock clock;
  private volatile boolean prepared;

  /** Does no I/O. */
  public FileBlobStore(Path root, Clock clock) {
    this.root = root.toAbsolutePath().normalize();
    this.incoming = this.root.resolve("incoming");
    this.clock = clock;
  }

  /** Repeated on each use until it succeeds. */
  private void prepare() {
    try {
      Files.createDirectories(incoming);
      Instant limit = clock.instant().minus(ABANDONED_AFTER);
      for (Path file : filesIn(incoming)) {
        removeIfOlder(file, limit);
      }
    } catch (IOException e) {
      throw new UnavailableException("the storage in " + root + " cannot be used", e);
    }
    prepared = true;
  }

  private void requirePrepared() {
    if (!prepared) {
      prepare();
    }
  }

  private static List<Path> filesIn(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }

  private static void removeIfOlder(Path file, Instant limit) throws IOException {
    try {
      if (Files.getLastModifiedTime(file).toInstant().isBefore(limit)) {
        Files.deleteIfExists(file);
      }
    } catch (NoSuchFileException e) {
      // Its writer or another instance removed it first.
    }
  }

  @Override
  public String name() {
    return "storage";
  }

  /** Needs the same permissions as {@link #put}. */
  @Override
  public void check() {
    requirePrepared();
    Path link = incoming.resolve(UUID.randomUUID() + ".check");
    try (var file = TemporaryBlobFile.create(incoming)) {
      file.write(new byte[1], 1);
      file.linkTo(link);
      Files.delete(link);
    } catch (IOException e) {
      throw new UnavailableException("the storage in " + root + " cannot be used", e);
    }
  }

  @Override
  public Asset put(BlobKey key, MediaType type, InputStream source) throws IOException {
    Path path = path(key);
    requirePrepared();
    try (var file = TemporaryBlobFile.create(incoming)) {
      var content = new ChecksumInputStream(source);
      byte[] buffer = new byte[BUFFER_SIZE];
      for (int read = content.read(buffer); read >= 0; read = content.read(buffer)) {
        file.write(buffer, read);
      }
      Asset asset = content.asset(key, type);
      file.sync();
      if (file.linkTo(path)) {
        syncFolders(path);
        return asset;
      }
    }
    return find(key, type)
        .orElseThrow(() -> new IllegalStateException("the blob was deleted during the put"));
  }

  @Override
  public Optional<Asset> find(BlobKey key, MediaType type) {
    Optional<InputStream> blob = open(key);
    if (blob.isEmpty()) {
      return Optional.empty();
    }
    // The writer may not have synced the directories yet, but callers rely on a found blob.
    syncFolders(path(key));
    try (var content = new ChecksumInputStream(blob.get())) {
      content.drain();
      return Optional.of(content.asset(key, type));
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  @Override
  public Optional<InputStream> open(BlobKey key, ByteRange range) {
    try {
      FileChannel file = FileChannel.open(path(key), StandardOpenOption.READ);
      return Optional.of(
          new BoundedInputStream(
              Channels.newInputStream(file.position(range.first())), range.length()));
    } catch (NoSuchFileException e) {
      requireFolder(e);
      return Optional.empty();
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  /** Keeps the empty directory: a concurrent put may be using it. */
  @Override
  public void delete(BlobKey key) {
    try {
      Files.delete(path(key));
    } catch (NoSuchFileException e) {
      requireFolder(e);
    } catch (IOException e) {
      throw new UnavailableException("the storage in " + root + " cannot be written to", e);
    }
  }

  /** A missing directory means an unmounted volume, not an empty store. */
  private void requireFolder(NoSuchFileException missing) {
    if (!Files.isDirectory(incoming)) {
      throw unreadable(missing);
    }
  }

  /** A new file is durable only when its directory entries are. */
  private void syncFolders(Path path) {
    try {
      for (Path folder = path.getParent();
          folder != null && folder.startsWith(root);
          folder = folder.getParent()) {
        try (FileChannel entries = FileChannel.open(folder, StandardOpenOption.READ)) {
          entries.force(true);
        }
      }
    } catch (IOException e) {
      throw new UnavailableException("the storage in " + root + " cannot be written to", e);
    }
  }

  /** Defense in depth: {@link BlobKey} rejects such paths as well. */
  private Path path(BlobKey key) {
    Path path = root.resolve(key.value()).normalize();
    if (!path.startsWith(root)) {
      throw new IllegalArgumentException("the key is outside the storage directory");
    }
    return path;
  }

  private UnavailableException unreadable(IOException e) {
    return new UnavailableException("the storage in " + root + " cannot be read", e);
  }
}
