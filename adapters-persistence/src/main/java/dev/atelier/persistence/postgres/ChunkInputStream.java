package dev.atelier.persistence.postgres;

import dev.atelier.application.port.ByteRange;
import dev.atelier.application.port.UnavailableException;
import dev.atelier.persistence.blob.BlockInputStream;
import java.io.IOException;
import java.util.Objects;
import java.util.Optional;

/** Reads a range of a chunked blob. Holds no connection between reads. */
final class ChunkInputStream extends BlockInputStream {
  private final int chunkBytes;
  private final Chunks chunks;
  private byte[] chunk = new byte[0];
  private int chunkNumber = -1;
  private long position;
  private final long end;

  interface Chunks {
    Optional<byte[]> get(int number);
  }

  /**
   * @param chunkBytes size of every chunk except the last
   */
  ChunkInputStream(long size, int chunkBytes, ByteRange range, Chunks chunks) {
    this.chunkBytes = chunkBytes;
    this.chunks = chunks;
    this.position = Math.min(range.first(), size);
    this.end = position + Math.min(range.length(), size - position);
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, into.length);
    if (length == 0) {
      return 0;
    }
    if (position == end) {
      return -1;
    }
    int number = Math.toIntExact(position / chunkBytes);
    if (number != chunkNumber) {
      fetch(number);
    }
    int from = (int) (position % chunkBytes);
    int count = (int) Math.min(Math.min(length, chunk.length - from), end - position);
    System.arraycopy(chunk, from, into, offset, count);
    position += count;
    return count;
  }

  private void fetch(int number) throws IOException {
    try {
      chunk =
          chunks
              .get(number)
              .orElseThrow(
                  () -> new IOException("the blob was removed from the spool during the read"));
    } catch (UnavailableException e) {
      throw new IOException("cannot read the next chunk", e);
    }
    chunkNumber = number;
  }
}
