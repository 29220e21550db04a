package dev.atelier.application.port;

import dev.atelier.domain.MediaType;
import dev.atelier.domain.Output;
import java.io.IOException;
import java.io.InputStream;

/**
 * Downloads outputs before the provider deletes them. Output URLs are untrusted: implementations
 * connect only to allowed hosts at public addresses, and never send the API key.
 */
public interface Outputs {
  /** Requests one output. Its bytes arrive while {@link Fetch.Content#bytes()} is read. */
  Fetch fetch(Output output);

  sealed interface Fetch {
    /**
     * The output. Reading enforces a size limit, a total timeout and an idle timeout, and fails if
     * the transfer is incomplete.
     *
     * @param type detected from the first bytes, regardless of headers and names
     * @param bytes closed by the caller; throws {@link RejectedException} above the size limit,
     *     another {@link IOException} for other failures
     */
    record Content(MediaType type, InputStream bytes) implements Fetch, AutoCloseable {
      @Override
      public void close() throws IOException {
        bytes.close();
      }
    }

    /**
     * Not found: 404 or 410, or 403, which some stores return for missing objects. It may appear
     * later; after the expiry it is final.
     */
    record Gone() implements Fetch {}

    /**
     * Refused: a forbidden URL or redirect, or bytes that are no result, such as an error page. May
     * be transient, so the caller retries a few times.
     *
     * @param reason the rule, and the setting that would allow it; names at most the host
     */
    record Rejected(String reason) implements Fetch {}

    /**
     * A transient failure; retry.
     *
     * @param reason without the URL
     */
    record Unavailable(String reason) implements Fetch {}
  }

  /** The output exceeds the size limit. */
  final class RejectedException extends IOException {
    private static final long serialVersionUID = 1L;

    /**
     * @param reason the violated rule
     */
    public RejectedException(String reason) {
      super(reason);
    }
  }
}
