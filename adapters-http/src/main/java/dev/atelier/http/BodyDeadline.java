package dev.atelier.http;

import java.time.Duration;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Bounds the time in which a body arrives as a whole. The server's own timeout bounds each pause
 * only, so that a byte now and then would keep it waiting for hours.
 */
final class BodyDeadline extends Handler.Wrapper {
  private final long nanos;

  BodyDeadline(Duration within) {
    this.nanos = within.toNanos();
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    return super.handle(new Timed(request), response, callback);
  }

  private final class Timed extends Request.Wrapper {
    private final long deadline = System.nanoTime() + nanos;

    private Timed(Request request) {
      super(request);
    }

    @Override
    public Content.Chunk read() {
      Content.Chunk chunk = super.read();
      if (chunk == null || chunk.isLast() || System.nanoTime() - deadline < 0) {
        return chunk;
      }
      chunk.release();
      return Content.Chunk.from(new HttpException.RuntimeException(408, "too slow"), true);
    }
  }
}
