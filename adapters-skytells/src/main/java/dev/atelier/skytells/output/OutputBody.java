package dev.atelier.skytells.output;

import dev.atelier.application.port.Outputs.RejectedException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** A downloaded body. Fails if it is too large or does not match its checksum. */
final class OutputBody extends InputStream {
  private final InputStream bytes;
  private final Optional<Checksum> checksum;
  private long remaining;

  /**
   * @param bytes closed with this stream
   */
  OutputBody(InputStream bytes, long maxBytes, Optional<Checksum> checksum) {
    this.bytes = bytes;
    this.remaining = maxBytes;
    this.checksum = checksum;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    int read = bytes.read(into, offset, length);
    if (read > 0) {
      count(into, offset, read);
    } else if (read < 0 && checksum.isPresent() && !checksum.get().matches()) {
      throw new IOException("checksum mismatch");
    }
    return read;
  }

  private void count(byte[] from, int offset, int read) throws RejectedException {
    remaining -= read;
    if (remaining < 0) {
      throw new RejectedException("larger than the limit");
    }
    checksum.ifPresent(sum -> sum.update(from, offset, read));
  }

  @Override
  public void close() throws IOException {
    bytes.close();
  }
}
