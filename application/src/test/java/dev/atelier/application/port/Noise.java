package dev.atelier.application.port;

import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Objects;

/** A stream of any length whose bytes depend on their offset. It needs no memory. */
public final class Noise extends InputStream {
  private final long size;
  private long position;

  /** A stream of {@code size} bytes. */
  public Noise(long size) {
    this.size = size;
  }

  /** The byte at this offset. */
  public static byte at(long offset) {
    long mixed = (offset + 1) * 0x9E3779B97F4A7C15L;
    return (byte) (mixed >>> 56);
  }

  /** The checksum of the first {@code size} bytes, in lower-case hexadecimal. */
  public static String sha256(long size) {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      var noise = new Noise(size);
      byte[] buffer = new byte[64 * 1024];
      for (int read = noise.read(buffer, 0, buffer.length);
          read >= 0;
          read = noise.read(buffer, 0, buffer.length)) {
        sha256.update(buffer, 0, read);
      }
      return HexFormat.of().formatHex(sha256.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public int read() {
    return position == size ? -1 : at(position++) & 0xFF;
  }

  @Override
  public int read(byte[] into, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, into.length);
    if (position == size) {
      return length == 0 ? 0 : -1;
    }
    int count = (int) Math.min(length, size - position);
    for (int i = 0; i < count; i++) {
      into[offset + i] = at(position + i);
    }
    position += count;
    return count;
  }

  @Override
  public boolean markSupported() {
    return true;
  }

  /** Does nothing; the mark is always at the start. */
  @Override
  public void mark(int limit) {}

  @Override
  public void reset() {
    position = 0;
  }
}
