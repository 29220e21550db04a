package dev.atelier.domain;

import java.util.regex.Pattern;

/**
 * The key of an asset in the blob store: {@code generations/{id}/{n}.{extension}} or {@code
 * uploads/{id}.{extension}}. A retry computes the same key and so finds what an earlier attempt
 * stored. The strict format prevents path traversal.
 */
public record BlobKey(String value) {
  private static final Pattern SHAPE =
      Pattern.compile(
          "(generations/%1$s/[0-9]{1,4}|uploads/%1$s)\\.[a-z0-9]{1,8}"
              .formatted("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"));

  public BlobKey {
    if (!SHAPE.matcher(value).matches()) {
      throw new InvalidValueException(
          "key", "must be generations/{id}/{n}.{extension} or uploads/{id}.{extension}");
    }
  }

  /** The key of output number {@code index}, from 0. */
  public static BlobKey of(GenerationId id, int index, MediaType type) {
    return new BlobKey("generations/" + id + "/" + index + "." + type.extension());
  }

  /** The key of an upload. */
  public static BlobKey of(UploadId id, MediaType type) {
    return new BlobKey("uploads/" + id + "." + type.extension());
  }

  @Override
  public String toString() {
    return value;
  }
}
