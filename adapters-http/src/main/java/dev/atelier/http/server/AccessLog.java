package dev.atelier.http.server;

import dev.atelier.http.request.RequestContext;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.RequestLog;
import org.eclipse.jetty.server.Response;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Logs one line per request, without query and body. {@code httpRequest} is that of Google Cloud
 * Logging.
 */
final class AccessLog implements RequestLog {
  private static final Logger log = LoggerFactory.getLogger(AccessLog.class);

  private final RequestContext requestContext;

  AccessLog(RequestContext requestContext) {
    this.requestContext = requestContext;
  }

  @Override
  public void log(Request request, Response response) {
    long nanos = System.nanoTime() - request.getBeginNanoTime();
    String path = String.valueOf(request.getHttpURI().getPath());
    try (var _ = requestContext.logging(request)) {
      log.atLevel(level(path, response.getStatus()))
          .addKeyValue("httpRequest", httpRequest(request, path, response, nanos))
          .log(
              "{} {} -> {} in {} ms",
              request.getMethod(),
              path,
              response.getStatus(),
              nanos / 1_000_000);
    }
  }

  /** Health probes arrive every few seconds. */
  private static Level level(String path, int status) {
    if (status >= 500) {
      return Level.WARN;
    }
    return path.startsWith("/health/") ? Level.DEBUG : Level.INFO;
  }

  private static Map<String, Object> httpRequest(
      Request request, String path, Response response, long nanos) {
    var members = new TreeMap<String, Object>();
    members.put("requestMethod", String.valueOf(request.getMethod()));
    members.put("requestUrl", path);
    members.put("status", response.getStatus());
    members.put("latency", String.format(Locale.ROOT, "%.6fs", nanos / 1e9));
    members.put("responseSize", Long.toString(Response.getContentBytesWritten(response)));
    members.put("protocol", request.getConnectionMetaData().getHttpVersion().asString());
    Optional.ofNullable(Request.getRemoteAddr(request))
        .ifPresent(address -> members.put("remoteIp", address));
    Optional.ofNullable(request.getHeaders().get(HttpHeader.USER_AGENT))
        .ifPresent(agent -> members.put("userAgent", agent));
    return members;
  }
}
