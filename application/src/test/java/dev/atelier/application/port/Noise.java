package dev.atelier.application.port;

import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Objects;

/** Bytes that are told apart by where they are, as many as are asked for, without being kept. */
public final class Noise extends InputStream {
  private final long size;
  private long position;

  /** As many bytes as that. */
  public Noise(long size) {
    this.size = size;
  }

  /** The byte at that offset, of a noise of any size. */
  public static byte at(long offset) {
    long mixed = (offset + 1) * 0x9E3779B97F4A7C15L;
    return (byte) (mixed >>> 56);
  }

  /** The checksum of so many bytes, in lower-case hex. */
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

  /** Does nothing: the mark is always at the start. */
  @Override
  public void mark(int limit) {}

  @Override
  public void reset() {
    position = 0;
  }
}
