package dev.atelier.http;

import dev.atelier.domain.GenerationId;
import java.net.URI;
import java.util.Optional;

/**
 * Builds URLs for clients; absolute, since a proxy may change the host.
 *
 * @param signer empty if outputs need no credential
 */
record Links(URI appUrl, Optional<LinkSigner> signer) {

  String generation(GenerationId id) {
    return base() + path(id);
  }

  String output(GenerationId id, int index) {
    String path = path(id) + "/output/" + index;
    return base() + path + signer.map(signing -> signing.query(path)).orElse("");
  }

  /** Without a trailing slash. */
  String base() {
    return appUrl.toString().replaceAll("/+$", "");
  }

  private static String path(GenerationId id) {
    return "/api/predictions/" + id;
  }
}
