package dev.atelier.http.server;

import java.time.Duration;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Limits the total time for receiving a request body; the idle timeout of Jetty limits only each
 * pause.
 */
final class RequestBodyTimeout extends Handler.Wrapper {
  private static final String UPLOADS = "/api/uploads";

  private final Duration timeout;
  private final Duration uploadTimeout;

  /**
   * @param uploadTimeout for files
   */
  RequestBodyTimeout(Duration timeout, Duration uploadTimeout) {
    this.timeout = timeout;
    this.uploadTimeout = uploadTimeout;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    return super.handle(new Timed(request, timeout(request)), response, callback);
  }

  private Duration timeout(Request request) {
    return Request.getPathInContext(request).equals(UPLOADS) ? uploadTimeout : timeout;
  }

  private static final class Timed extends Request.Wrapper {
    private final long deadline;

    private Timed(Request request, Duration timeout) {
      super(request);
      this.deadline = System.nanoTime() + timeout.toNanos();
    }

    @Override
    public Content.Chunk read() {
      Content.Chunk chunk = super.read();
      if (chunk == null || chunk.isLast() || System.nanoTime() - deadline < 0) {
        return chunk;
      }
      chunk.release();
      return Content.Chunk.from(
          new HttpException.RuntimeException(408, "request body timeout"), true);
    }
  }
}
