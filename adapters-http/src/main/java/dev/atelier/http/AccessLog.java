package dev.atelier.http;

import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.RequestLog;
import org.eclipse.jetty.server.Response;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/** A line per request, whatever became of it. Neither queries nor bodies are in it. */
final class AccessLog implements RequestLog {
  private static final Logger log = LoggerFactory.getLogger(AccessLog.class);

  @Override
  public void log(Request request, Response response) {
    long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - request.getBeginNanoTime());
    try (var _ =
        MDC.putCloseable(RequestScope.ID, String.valueOf(request.getAttribute(RequestScope.ID)))) {
      log.info(
          "{} {} -> {} in {} ms",
          request.getMethod(),
          request.getHttpURI().getPath(),
          response.getStatus(),
          millis);
    }
  }
}
