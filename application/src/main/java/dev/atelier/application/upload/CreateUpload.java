package dev.atelier.application.upload;

import dev.atelier.domain.Upload;
import dev.atelier.domain.UserId;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Optional;

/** Stores a file that a client sends. */
public interface CreateUpload {
  /**
   * Stores the file in constant memory.
   *
   * @throws IOException if the client's stream breaks off, unchanged; nothing is left behind
   * @throws dev.atelier.application.port.UnavailableException if the file could not be stored
   */
  Result create(Command command) throws IOException;

  /**
   * A file.
   *
   * @param declaredType its {@code Content-Type}, if it says anything
   * @param keepMetadata whether location and other metadata stay in the file
   * @param body read to its end, not closed
   */
  record Command(
      UserId owner, Optional<String> declaredType, boolean keepMetadata, InputStream body) {}

  sealed interface Result {
    record Stored(Upload upload) implements Result {}

    /**
     * The file cannot be an input; nothing is left behind.
     *
     * @param rule a sentence for the client
     */
    record Rejected(String rule) implements Result {}

    /**
     * The owner has sent as many files today as are allowed.
     *
     * @param retryAfter until the next UTC day
     */
    record LimitReached(int perDay, Duration retryAfter) implements Result {}

    /** This instance is receiving too many files. */
    record Busy() implements Result {}
  }
}
