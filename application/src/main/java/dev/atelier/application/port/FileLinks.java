package dev.atelier.application.port;

import dev.atelier.domain.FileReference;
import java.time.Instant;
import java.util.Optional;

/** The URLs of stored files at this service. */
public interface FileLinks {
  /**
   * The file that a URL of this service names; its query is ignored.
   *
   * @return empty for any other text
   */
  Optional<FileReference> parse(String text);

  /** The URL without a signature. */
  String url(FileReference file);

  /** A URL that opens the file without a credential at least until then. */
  String signedUrl(FileReference file, Instant until);

  /** Whether Skytells can reach these URLs. */
  boolean isReachable();
}
