package dev.atelier.persistence.blob;

import dev.atelier.application.port.UnavailableException;
import dev.atelier.domain.Asset;
import dev.atelier.domain.BlobKey;
import dev.atelier.domain.MediaType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A blob on its way in: a temporary file that is counted and summed up while it is written. Every
 * failure of the file system is an {@link UnavailableException}.
 */
final class IncomingFile implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(IncomingFile.class);

  private final Path path;
  private final FileChannel channel;
  private final MessageDigest sha256 = Sha256.newDigest();
  private long size;

  private IncomingFile(Path path, FileChannel channel) {
    this.path = path;
    this.channel = channel;
  }

  /** A new, empty one. */
  static IncomingFile create(Path folder) {
    try {
      Path path = Files.createTempFile(folder, "", ".part");
      return new IncomingFile(path, FileChannel.open(path, StandardOpenOption.WRITE));
    } catch (IOException e) {
      throw broken(e);
    }
  }

  void write(byte[] bytes, int length) {
    sha256.update(bytes, 0, length);
    size += length;
    ByteBuffer rest = ByteBuffer.wrap(bytes, 0, length);
    try {
      while (rest.hasRemaining()) {
        channel.write(rest);
      }
    } catch (IOException e) {
      throw broken(e);
    }
  }

  /** What has been written, under that key. */
  Asset asset(BlobKey key, MediaType type) {
    return new Asset(key, type, size, HexFormat.of().formatHex(sha256.digest()));
  }

  /** Waits until every byte is on the disk. */
  void sync() {
    try {
      channel.force(true);
    } catch (IOException e) {
      throw broken(e);
    }
  }

  /**
   * Gives the file a second name, in one step; a rename would silently replace what is there.
   *
   * @return false when the name was taken; then nothing has changed
   */
  boolean linkTo(Path name) {
    try {
      Files.createDirectories(name.getParent());
      Files.createLink(name, path);
      return true;
    } catch (FileAlreadyExistsException e) {
      return false;
    } catch (IOException | UnsupportedOperationException e) {
      throw broken(e);
    }
  }

  /** Removes the temporary name; others that were given stay. */
  @Override
  public void close() {
    try (channel) {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      log.warn("a temporary file stays until a later start removes it", e);
    }
  }

  private static UnavailableException broken(Exception e) {
    return new UnavailableException("the storage cannot be written to", e);
  }
}
