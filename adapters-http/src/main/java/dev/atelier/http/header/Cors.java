package dev.atelier.http.header;

import java.util.Set;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Adds CORS headers (Fetch standard). There are no cookies, so {@code
 * Access-Control-Allow-Credentials} is not needed.
 */
public final class Cors extends Handler.Wrapper {
  private static final String ANY_ORIGIN = "*";

  private static final String METHODS = "GET, HEAD, POST, DELETE";

  private static final String REQUEST_HEADERS =
      "Authorization, Content-Type, Idempotency-Key, If-None-Match, Last-Event-ID, Prefer,"
          + " traceparent, X-Request-Id";

  /** In addition to the CORS-safelisted headers. */
  private static final String EXPOSED_HEADERS =
      "Accept-Ranges, Content-Disposition, Content-Range, ETag, Idempotent-Replayed, Location,"
          + " Preference-Applied, RateLimit, RateLimit-Policy, Retry-After, WWW-Authenticate,"
          + " X-Request-Id";

  private static final String MAX_AGE = "600";

  private final Set<String> origins;

  public Cors(Set<String> origins) {
    this.origins = Set.copyOf(origins);
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    HttpFields.Mutable headers = response.getHeaders();
    boolean allowed = allow(request, headers);
    if (!allowed || !isPreflight(request)) {
      return super.handle(request, response, callback);
    }
    headers.put(HttpHeader.ACCESS_CONTROL_ALLOW_METHODS, METHODS);
    headers.put(HttpHeader.ACCESS_CONTROL_ALLOW_HEADERS, REQUEST_HEADERS);
    headers.put(HttpHeader.ACCESS_CONTROL_MAX_AGE, MAX_AGE);
    response.setStatus(HttpStatus.NO_CONTENT_204);
    callback.succeeded();
    return true;
  }

  /** Returns whether the origin is allowed. */
  public boolean allow(Request request, HttpFields.Mutable headers) {
    if (origins.isEmpty()) {
      return false;
    }
    headers.add(HttpHeader.VARY, HttpHeader.ORIGIN.asString());
    String origin = request.getHeaders().get(HttpHeader.ORIGIN);
    if (origin == null || !(origins.contains(ANY_ORIGIN) || origins.contains(origin))) {
      return false;
    }
    headers.put(HttpHeader.ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    headers.put(HttpHeader.ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED_HEADERS);
    return true;
  }

  private static boolean isPreflight(Request request) {
    return request.getMethod().equals("OPTIONS")
        && request.getHeaders().contains(HttpHeader.ACCESS_CONTROL_REQUEST_METHOD);
  }
}
