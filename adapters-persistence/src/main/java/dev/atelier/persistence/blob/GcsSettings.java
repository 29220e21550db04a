package dev.atelier.persistence.blob;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where in Google Cloud Storage assets are kept, and how clients reach them.
 *
 * @param bucket its name
 * @param prefix what the name of every object begins with: empty, or with a slash at its end
 * @param endpoint an emulator, which asks for no credentials; empty means Google
 * @param publicUrl where everybody may fetch what lies below the prefix, without a slash at its
 *     end; empty means signed addresses
 * @param urlLife how long a signed address works; seven days at most
 */
public record GcsSettings(
    String bucket,
    String prefix,
    Optional<URI> endpoint,
    Optional<URI> publicUrl,
    Duration urlLife) {
  /** How long a signed address works, if nothing else is said. */
  public static final Duration DEFAULT_URL_LIFE = Duration.ofMinutes(15);

  /**
   * By Google's rules for bucket names; a prefix of plain characters needs no escaping anywhere.
   */
  private static final Pattern LOCATION =
      Pattern.compile("gs://([a-z0-9][a-z0-9._-]{1,220}[a-z0-9])((?:/[A-Za-z0-9._=-]+)*)/?");

  /**
   * Reads {@code gs://bucket} or {@code gs://bucket/prefix}.
   *
   * @throws IllegalArgumentException when it is neither
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

  /** The same, but an emulator. */
  public GcsSettings at(URI emulator) {
    return new GcsSettings(bucket, prefix, Optional.of(emulator), publicUrl, urlLife);
  }

  /** The same, but reached there by everybody. */
  public GcsSettings publishedAt(URI url) {
    return new GcsSettings(bucket, prefix, endpoint, Optional.of(url), urlLife);
  }

  /** The same, but with signed addresses that work so long. */
  public GcsSettings withUrlLife(Duration life) {
    return new GcsSettings(bucket, prefix, endpoint, publicUrl, life);
  }
}
