package dev.atelier.http.route;

import dev.atelier.domain.FileReference;
import dev.atelier.domain.GenerationId;
import dev.atelier.domain.UploadId;
import dev.atelier.http.auth.LinkSigner;
import java.net.URI;
import java.util.Optional;

/**
 * Builds URLs for clients; absolute, because a proxy may change the host.
 *
 * @param signer empty if outputs need no credential
 */
public record Links(URI appUrl, Optional<LinkSigner> signer) {

  String generation(GenerationId id) {
    return base() + path(id);
  }

  public String output(GenerationId id, int index) {
    return signed(output(new FileReference.OutputFile(id, index)));
  }

  /** Without a trailing slash. */
  public String base() {
    return appUrl.toString().replaceAll("/+$", "");
  }

  /** The URL of an upload. */
  public String upload(UploadId id) {
    return signed(upload(new FileReference.UploadedFile(id)));
  }

  private String signed(String path) {
    return base() + path + signer.map(signing -> signing.query(path)).orElse("");
  }

  /** The path of an upload. */
  static String upload(FileReference.UploadedFile file) {
    return "/api/uploads/" + file.upload();
  }

  /** The path of an output. */
  static String output(FileReference.OutputFile file) {
    return path(file.generation()) + "/output/" + file.index();
  }

  private static String path(GenerationId id) {
    return "/api/predictions/" + id;
  }
}
