package dev.atelier.persistence.blob.gcs;

import com.google.cloud.storage.BlobInfo;
import dev.atelier.domain.Asset;
import dev.atelier.domain.BlobKey;
import dev.atelier.domain.MediaType;
import dev.atelier.persistence.blob.Sha256;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import java.util.zip.CRC32C;

/** Computes the size, SHA-256 and CRC32C of a stream while it is read. */
final class ChecksumInputStream extends FilterInputStream {
  private final MessageDigest sha256 = Sha256.newDigest();
  private final CRC32C crc32c = new CRC32C();
  private long size;

  ChecksumInputStream(InputStream in) {
    super(in);
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    int read = in.read(into, offset, length);
    if (read > 0) {
      sha256.update(into, offset, read);
      crc32c.update(into, offset, read);
      size += read;
    }
    return read;
  }

  void drain() throws IOException {
    byte[] buffer = new byte[64 * 1024];
    while (read(buffer, 0, buffer.length) >= 0) {
      // read updates the checksums.
    }
  }

  /** Describes the bytes read so far. Call once: it completes the digest. */
  Asset asset(BlobKey key, MediaType type) {
    return new Asset(key, type, size, HexFormat.of().formatHex(sha256.digest()));
  }

  /** Whether the object has the size and CRC32C of the bytes read so far. */
  boolean matches(BlobInfo stored) {
    byte[] bigEndian = ByteBuffer.allocate(4).putInt((int) crc32c.getValue()).array();
    return stored.getSize() == size
        && Base64.getEncoder().encodeToString(bigEndian).equals(stored.getCrc32c());
  }

  @Override
  public boolean markSupported() {
    return false;
  }
}
