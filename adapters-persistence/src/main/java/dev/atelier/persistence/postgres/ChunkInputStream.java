package dev.atelier.persistence.postgres;

import dev.atelier.application.port.UnavailableException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.Optional;

/**
 * A blob that lies in chunks, of which only one is in memory. Between two reads nothing is held.
 */
final class ChunkInputStream extends InputStream {
  private final long size;
  private final Chunks chunks;
  private byte[] chunk = new byte[0];
  private int next;
  private int position;
  private long read;

  /** Where the chunks come from, numbered from 0. */
  interface Chunks {
    Optional<byte[]> get(int number);
  }

  /**
   * Reads nothing yet.
   *
   * @param size of the whole blob, in bytes
   */
  ChunkInputStream(long size, Chunks chunks) {
    this.size = size;
    this.chunks = chunks;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, into.length);
    if (length == 0) {
      return 0;
    }
    if (position == chunk.length) {
      if (read == size) {
        return -1;
      }
      fetch();
    }
    int count = Math.min(length, chunk.length - position);
    System.arraycopy(chunk, position, into, offset, count);
    position += count;
    read += count;
    return count;
  }

  private void fetch() throws IOException {
    try {
      chunk = chunks.get(next).orElseThrow(() -> new IOException("the blob was moved meanwhile"));
    } catch (UnavailableException e) {
      throw new IOException("the blob cannot be read on", e);
    }
    next++;
    position = 0;
  }
}
