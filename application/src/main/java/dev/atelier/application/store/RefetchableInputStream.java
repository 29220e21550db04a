package dev.atelier.application.store;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Supports {@link #reset} without buffering, by fetching the bytes again. */
final class RefetchableInputStream extends FilterInputStream {
  private final Fetching refetch;

  interface Fetching {
    /**
     * Returns all bytes again.
     *
     * @throws IOException also if the media type has changed
     */
    InputStream fetch() throws IOException;
  }

  /**
   * @param first closed with this stream, as is every later fetch
   */
  RefetchableInputStream(InputStream first, Fetching refetch) {
    super(first);
    this.refetch = refetch;
  }

  @Override
  public boolean markSupported() {
    return true;
  }

  @Override
  public void mark(int limit) {}

  @Override
  public void reset() throws IOException {
    in.close();
    in = refetch.fetch();
  }
}
