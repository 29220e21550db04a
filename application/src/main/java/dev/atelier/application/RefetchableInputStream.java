package dev.atelier.application;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Bytes that can be read again from their start without being remembered: by another fetch. */
final class RefetchableInputStream extends FilterInputStream {
  private final Fetching again;

  /** Fetches all the bytes once more. */
  interface Fetching {
    /**
     * Begins a fetch.
     *
     * @return all of them, in a stream that the caller closes
     * @throws IOException when they cannot be had again, or are no longer of the same type
     */
    InputStream fetch() throws IOException;
  }

  /**
   * Wraps the first fetch.
   *
   * @param first all the bytes; closed with this stream, as every later fetch is
   */
  RefetchableInputStream(InputStream first, Fetching again) {
    super(first);
    this.again = again;
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
    in = again.fetch();
  }
}
