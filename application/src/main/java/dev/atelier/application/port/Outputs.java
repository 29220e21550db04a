package dev.atelier.application.port;

import dev.atelier.domain.MediaType;
import dev.atelier.domain.Output;
import java.io.IOException;
import java.io.InputStream;

/**
 * Fetches the outputs that Skytells leaves for five minutes. The address comes from outside: only
 * hosts on the allow-list, at public addresses, are ever connected to, and never with the API key.
 */
public interface Outputs {
  /** Asks for one output; its bytes follow while {@link Fetch.Content#bytes()} is read. */
  Fetch fetch(Output output);

  /** What the address answered. */
  sealed interface Fetch {
    /**
     * The output. Reading throws {@link RejectedException} once it grows beyond the size that is
     * kept, and another {@link IOException} when it breaks off, takes too long, or is not what the
     * other side says it has sent; both deadlines, total and idle, are enforced while reading.
     *
     * @param type what its first bytes say it is, whatever a header or a name says
     * @param bytes all of them, in a stream that the caller closes
     */
    record Content(MediaType type, InputStream bytes) implements Fetch, AutoCloseable {
      @Override
      public void close() throws IOException {
        bytes.close();
      }
    }

    /**
     * Not there: 404 or 410, or 403, which stores return for missing objects as well. Within the
     * five minutes it may still appear; after them it is final.
     */
    record Gone() implements Fetch {}

    /**
     * Not to be stored: a forbidden address, a redirect to one, or bytes that are no result, such
     * as an error page. A few more attempts make it final, since it may be a passing fault.
     *
     * @param reason which rule it breaks, and which setting would allow it; names a host at most,
     *     never the address
     */
    record Rejected(String reason) implements Fetch {}

    /**
     * Not now: the other side is broken, slow or unreachable. Worth another try.
     *
     * @param reason what happened, without the address
     */
    record Unavailable(String reason) implements Fetch {}
  }

  /** The output breaks a rule that shows only while it is read: it is too large. */
  final class RejectedException extends IOException {
    private static final long serialVersionUID = 1L;

    /**
     * Names the rule.
     *
     * @param reason which rule it breaks
     */
    public RejectedException(String reason) {
      super(reason);
    }
  }
}
