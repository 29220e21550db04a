package dev.atelier.application.port;

import java.net.URI;
import java.time.Duration;

/**
 * An address at which whoever knows it may fetch a blob without us.
 *
 * @param url may be a secret, so it does not print
 * @param usableFor how long it works from now on
 */
public record BlobLink(URI url, Duration usableFor) {
  @Override
  public String toString() {
    return "BlobLink[usable for " + usableFor + "]";
  }
}
