package dev.atelier.domain;

import java.util.regex.Pattern;

/**
 * Where an asset lies in the blob store: {@code generations/{id}/{n}.{extension}}. It is the same
 * on every try, so that a repeated store finds the first one's work; and it has no other shape, so
 * that no key leaves the store's folder.
 */
public record BlobKey(String value) {
  private static final Pattern SHAPE =
      Pattern.compile(
          "generations/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/[0-9]{1,4}\\.[a-z0-9]{1,8}");

  /**
   * @throws InvalidValueException when the value has another shape
   */
  public BlobKey {
    if (!SHAPE.matcher(value).matches()) {
      throw new InvalidValueException("key", "must be generations/{id}/{n}.{extension}");
    }
  }

  /** The key of a generation's output number {@code index}, counted from 0. */
  public static BlobKey of(GenerationId id, int index, MediaType type) {
    return new BlobKey("generations/" + id + "/" + index + "." + type.extension());
  }

  @Override
  public String toString() {
    return value;
  }
}
