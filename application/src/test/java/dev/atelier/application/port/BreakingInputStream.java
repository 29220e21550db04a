package dev.atelier.application.port;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A stream that fails at its end, on every read. */
public final class BreakingInputStream extends InputStream {
  private final InputStream bytes;
  private final Exception end;

  /** Returns the bytes, then throws an {@link IOException} or a {@link RuntimeException}. */
  public BreakingInputStream(byte[] bytes, Exception end) {
    this.bytes = new ByteArrayInputStream(bytes);
    this.end = end;
  }

  @Override
  public int read() throws IOException {
    return orBreak(bytes.read());
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    return orBreak(bytes.read(into, offset, length));
  }

  @Override
  public boolean markSupported() {
    return true;
  }

  @Override
  public void mark(int limit) {
    bytes.mark(limit);
  }

  @Override
  public void reset() throws IOException {
    bytes.reset();
  }

  private int orBreak(int read) throws IOException {
    if (read < 0) {
      if (end instanceof RuntimeException failure) {
        throw failure;
      }
      throw (IOException) end;
    }
    return read;
  }
}
