package dev.atelier.application.upload;

import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Remembers the first bytes that are read through it. */
final class HeadInputStream extends FilterInputStream {
  private final int length;
  private final ByteArrayOutputStream head = new ByteArrayOutputStream();

  HeadInputStream(InputStream in, int length) {
    super(in);
    this.length = length;
  }

  byte[] head() {
    return head.toByteArray();
  }

  @Override
  public int read() throws IOException {
    byte[] single = new byte[1];
    return read(single, 0, 1) < 0 ? -1 : single[0] & 0xFF;
  }

  @Override
  public int read(byte[] buffer, int offset, int count) throws IOException {
    int read = in.read(buffer, offset, count);
    if (read > 0) {
      head.write(buffer, offset, Math.min(read, length - head.size()));
    }
    return read;
  }

  @Override
  public boolean markSupported() {
    return false;
  }
}
