package dev.atelier.persistence.blob;

import dev.atelier.domain.Asset;
import dev.atelier.domain.BlobKey;
import dev.atelier.domain.MediaType;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Computes size and SHA-256 of a stream while it is read. Closing it closes the stream. */
public final class ChecksumInputStream extends BlockInputStream {
  private final InputStream in;
  private final MessageDigest sha256;
  private long size;

  public ChecksumInputStream(InputStream in) {
    this.in = in;
    try {
      this.sha256 = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    int read = in.read(into, offset, length);
    if (read > 0) {
      sha256.update(into, offset, read);
      size += read;
    }
    return read;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }

  public void drain() throws IOException {
    var _ = transferTo(OutputStream.nullOutputStream());
  }

  /** Call once, after the last read: it completes the digest. */
  public Asset asset(BlobKey key, MediaType type) {
    return new Asset(key, type, size, HexFormat.of().formatHex(sha256.digest()));
  }

  public long size() {
    return size;
  }
}
