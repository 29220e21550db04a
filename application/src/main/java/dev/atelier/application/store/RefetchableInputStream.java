package dev.atelier.application.store;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A stream that supports {@link #reset} without buffering: it fetches the bytes again. */
final class RefetchableInputStream extends FilterInputStream {
  private final Fetching refetch;

  interface Fetching {
    /**
     * Downloads it again.
     *
     * @return all bytes, in a stream that the caller closes
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

  /** Does nothing; the mark is always at the start. */
  @Override
  public void mark(int limit) {}

  @Override
  public void reset() throws IOException {
    in.close();
    in = refetch.fetch();
  }
}
