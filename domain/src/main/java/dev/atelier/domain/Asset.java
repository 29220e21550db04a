package dev.atelier.domain;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A stored output.
 *
 * @param type detected from the first bytes
 * @param bytes the size
 * @param sha256 the checksum, in lower-case hexadecimal
 * @param dimensions the size of an image, if its header states it
 */
public record Asset(
    BlobKey key, MediaType type, long bytes, String sha256, Optional<Dimensions> dimensions) {
  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

  public Asset {
    if (bytes <= 0) {
      throw new InvalidValueException("bytes", "must be positive");
    }
    if (!SHA256.matcher(sha256).matches()) {
      throw new InvalidValueException("sha256", "must be 64 lower-case hex digits");
    }
  }

  /** Creates an asset of unknown dimensions. */
  public Asset(BlobKey key, MediaType type, long bytes, String sha256) {
    this(key, type, bytes, sha256, Optional.empty());
  }

  /** Returns a copy with these dimensions. */
  public Asset measured(Optional<Dimensions> dimensions) {
    return new Asset(key, type, bytes, sha256, dimensions);
  }
}
