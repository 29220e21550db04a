package dev.atelier.domain;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * One result in our storage.
 *
 * @param key where it lies
 * @param type what its first bytes say it is
 * @param bytes its size
 * @param sha256 its checksum, 64 lower-case hex digits
 * @param dimensions the size of a picture, where its header tells it
 */
public record Asset(
    BlobKey key, MediaType type, long bytes, String sha256, Optional<Dimensions> dimensions) {
  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

  /**
   * @throws InvalidValueException when size or checksum cannot be one
   */
  public Asset {
    if (bytes <= 0) {
      throw new InvalidValueException("bytes", "must be positive");
    }
    if (!SHA256.matcher(sha256).matches()) {
      throw new InvalidValueException("sha256", "must be 64 lower-case hex digits");
    }
  }

  /** One that nobody has measured. */
  public Asset(BlobKey key, MediaType type, long bytes, String sha256) {
    this(key, type, bytes, sha256, Optional.empty());
  }

  /** The same, measured. */
  public Asset measured(Optional<Dimensions> dimensions) {
    return new Asset(key, type, bytes, sha256, dimensions);
  }
}
