package dev.atelier.application.port;

import java.net.URI;
import java.time.Duration;

/**
 * A URL from which a client can fetch a blob directly.
 *
 * @param url may be signed, so {@link #toString} hides it
 * @param usableFor the remaining validity
 */
public record BlobLink(URI url, Duration usableFor) {
  @Override
  public String toString() {
    return "BlobLink[usableFor=" + usableFor + "]";
  }
}
