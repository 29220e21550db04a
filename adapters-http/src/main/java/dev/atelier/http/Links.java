package dev.atelier.http;

import dev.atelier.domain.GenerationId;
import java.net.URI;
import java.util.Optional;

/**
 * The addresses that clients are given: absolute, since clients and proxies see another host.
 *
 * @param signer of the addresses of outputs; empty where they are open to everybody anyway
 */
record Links(URI appUrl, Optional<LinkSigner> signer) {

  String generation(GenerationId id) {
    return base() + path(id);
  }

  String output(GenerationId id, int index) {
    String path = path(id) + "/output/" + index;
    return base() + path + signer.map(by -> by.query(path)).orElse("");
  }

  /** The public base URL without a slash at its end. */
  String base() {
    return appUrl.toString().replaceAll("/+$", "");
  }

  private static String path(GenerationId id) {
    return "/api/predictions/" + id;
  }
}
