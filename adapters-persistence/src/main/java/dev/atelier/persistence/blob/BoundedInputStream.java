package dev.atelier.persistence.blob;

import java.io.IOException;
import java.io.InputStream;

/** Limits a stream to a number of bytes. Closing it closes the stream. */
public final class BoundedInputStream extends BlockInputStream {
  private final InputStream in;
  private long remaining;

  public BoundedInputStream(InputStream in, long maxBytes) {
    this.in = in;
    this.remaining = maxBytes;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    if (remaining == 0 && length > 0) {
      return -1;
    }
    int read = in.read(into, offset, (int) Math.min(length, remaining));
    if (read > 0) {
      remaining -= read;
    }
    return read;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
