package dev.atelier.http;

import dev.atelier.domain.GenerationId;
import java.net.URI;

/** The addresses that clients are given: absolute, since clients and proxies see another host. */
record Links(URI appUrl) {

  String generation(GenerationId id) {
    return base() + "/api/predictions/" + id;
  }

  String output(GenerationId id, int index) {
    return generation(id) + "/output/" + index;
  }

  /** The public base URL without a slash at its end. */
  String base() {
    return appUrl.toString().replaceAll("/+$", "");
  }
}
