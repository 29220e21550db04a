package dev.atelier.http;

import io.javalin.http.Context;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.slf4j.MDC;

/**
 * The outermost layer: gives each request an id, which its answer, its problems and every log line
 * on its behalf carry.
 */
final class RequestScope extends Handler.Wrapper {
  static final String HEADER = "X-Request-Id";

  /** The key of the id among a request's attributes, and in the logging context. */
  static final String ID = "requestId";

  private static final Pattern SANE = Pattern.compile("[A-Za-z0-9._-]{1,128}");
  private static final String METHOD_OVERRIDE = "X-HTTP-Method-Override";

  private final RequestIds ids;

  RequestScope(RequestIds ids) {
    this.ids = ids;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    String id = identify(request);
    response.getHeaders().put(HEADER, id);
    Departure.prepare(request);
    try (var _ = MDC.putCloseable(ID, id)) {
      return super.handle(asTheRequestLineSays(request), response, callback);
    }
  }

  /** The request's id: the one it has been given before, or its client's, or a new one. */
  String identify(Request request) {
    if (request.getAttribute(ID) instanceof String known) {
      return known;
    }
    String named = request.getHeaders().get(HEADER);
    String id = named != null && SANE.matcher(named).matches() ? named : ids.next();
    request.setAttribute(ID, id);
    return id;
  }

  static String idOf(Context ctx) {
    return String.valueOf(ctx.<String>attribute(ID));
  }

  /** Javalin would believe a header that names another method than the request line. */
  private static Request asTheRequestLineSays(Request request) {
    if (!request.getHeaders().contains(METHOD_OVERRIDE)) {
      return request;
    }
    HttpFields headers =
        HttpFields.build(request.getHeaders()).remove(METHOD_OVERRIDE).asImmutable();
    return new Request.Wrapper(request) {
      @Override
      public HttpFields getHeaders() {
        return headers;
      }
    };
  }
}
