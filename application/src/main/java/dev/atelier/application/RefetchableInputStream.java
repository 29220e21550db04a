package dev.atelier.application;

import dev.atelier.application.port.Outputs;
import dev.atelier.application.port.Outputs.Fetch;
import dev.atelier.domain.Output;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** An output that can be read again from its start without being remembered: by another fetch. */
final class RefetchableInputStream extends FilterInputStream {
  private final Outputs outputs;
  private final Output output;

  /**
   * Wraps the first fetch.
   *
   * @param bytes all of them, closed with this stream
   */
  RefetchableInputStream(InputStream bytes, Outputs outputs, Output output) {
    super(bytes);
    this.outputs = outputs;
    this.output = output;
  }

  @Override
  public boolean markSupported() {
    return true;
  }

  /** Does nothing: the mark is always at the start. */
  @Override
  public void mark(int limit) {}

  @Override
  public void reset() throws IOException {
    in.close();
    in =
        switch (outputs.fetch(output)) {
          case Fetch.Content again -> again.bytes();
          case Fetch.Gone _ -> throw new IOException("not there any more");
          case Fetch.Rejected rejected -> throw new IOException(rejected.reason());
          case Fetch.Unavailable unavailable -> throw new IOException(unavailable.reason());
        };
  }
}
