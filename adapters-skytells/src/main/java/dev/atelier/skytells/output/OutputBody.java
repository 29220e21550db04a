package dev.atelier.skytells.output;

import dev.atelier.application.port.Outputs.RejectedException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/**
 * The bytes of an output while they arrive. Ends with an exception where they go beyond what is
 * kept, and where they end without being what was announced.
 */
final class OutputBody extends InputStream {
  private final InputStream bytes;
  private final Optional<Checksum> checksum;
  private long left;

  /**
   * Reads nothing yet.
   *
   * @param bytes throws when it ends before its announced length; closed with this stream
   * @param most how many are kept
   */
  OutputBody(InputStream bytes, long most, Optional<Checksum> checksum) {
    this.bytes = bytes;
    this.left = most;
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
      throw new IOException("other bytes than the checksum is of");
    }
    return read;
  }

  private void count(byte[] from, int offset, int read) throws RejectedException {
    left -= read;
    if (left < 0) {
      throw new RejectedException("larger than what is kept");
    }
    checksum.ifPresent(sum -> sum.update(from, offset, read));
  }

  @Override
  public void close() throws IOException {
    bytes.close();
  }
}
