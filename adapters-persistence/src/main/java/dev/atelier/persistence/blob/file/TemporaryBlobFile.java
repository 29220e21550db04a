package dev.atelier.persistence.blob.file;

import dev.atelier.application.port.UnavailableException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A temporary file for an incoming blob. File system failures are {@link UnavailableException}s.
 */
final class TemporaryBlobFile implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(TemporaryBlobFile.class);

  private final Path path;
  private final FileChannel channel;

  private TemporaryBlobFile(Path path, FileChannel channel) {
    this.path = path;
    this.channel = channel;
  }

  static TemporaryBlobFile create(Path folder) {
    try {
      Path path = Files.createTempFile(folder, "", ".part");
      return new TemporaryBlobFile(path, FileChannel.open(path, StandardOpenOption.WRITE));
    } catch (IOException e) {
      throw broken(e);
    }
  }

  void write(byte[] bytes, int length) {
    ByteBuffer rest = ByteBuffer.wrap(bytes, 0, length);
    try {
      while (rest.hasRemaining()) {
        channel.write(rest);
      }
    } catch (IOException e) {
      throw broken(e);
    }
  }

  void sync() {
    try {
      channel.force(true);
    } catch (IOException e) {
      throw broken(e);
    }
  }

  /** Returns false and changes nothing if the name exists. */
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

  @Override
  public void close() {
    try (channel) {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      log.warn("cannot delete temporary file; a later start removes it", e);
    }
  }

  private static UnavailableException broken(Exception e) {
    return new UnavailableException("the storage cannot be written to", e);
  }
}
