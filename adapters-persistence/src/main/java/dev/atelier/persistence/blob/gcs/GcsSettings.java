package dev.atelier.persistence.blob.gcs;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Settings of the blob store in Google Cloud Storage.
 *
 * @param prefix empty, or with a trailing slash
 * @param endpoint of an emulator; empty means Google
 * @param publicUrl base URL of the prefix, without a trailing slash; empty means signed URLs
 * @param urlLife at most seven days
 */
public record GcsSettings(
    String bucket,
    String prefix,
    Optional<URI> endpoint,
    Optional<URI> publicUrl,
    Duration urlLife) {
  public static final Duration DEFAULT_URL_LIFE = Duration.ofMinutes(15);

  /** Google's rules for bucket names; the prefix needs no escaping. */
  private static final Pattern LOCATION =
      Pattern.compile("gs://([a-z0-9][a-z0-9._-]{1,220}[a-z0-9])((?:/[A-Za-z0-9._=-]+)*)/?");

  /**
   * Reads {@code gs://bucket} or {@code gs://bucket/prefix}.
   *
   * @throws IllegalArgumentException if the location has another form
   */
  public static GcsSettings parse(String location) {
    Matcher parts = LOCATION.matcher(location);
    if (!parts.matches() || location.matches(".*/\\.{1,2}(/.*)?")) {
      throw new IllegalArgumentException("must look like gs://bucket or gs://bucket/prefix");
    }
    String prefix = parts.group(2);
    return new GcsSettings(
        parts.group(1),
        prefix.isEmpty() ? "" : prefix.substring(1) + "/",
        Optional.empty(),
        Optional.empty(),
        DEFAULT_URL_LIFE);
  }

  public GcsSettings at(URI emulator) {
    return new GcsSettings(bucket, prefix, Optional.of(emulator), publicUrl, urlLife);
  }

  public GcsSettings withPublicUrl(URI url) {
    return new GcsSettings(bucket, prefix, endpoint, Optional.of(url), urlLife);
  }

  public GcsSettings withUrlLife(Duration life) {
    return new GcsSettings(bucket, prefix, endpoint, publicUrl, life);
  }
}
