package dev.atelier.http;

import dev.atelier.application.port.TraceContext;
import io.javalin.http.Context;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.slf4j.MDC;

/**
 * The outermost layer: gives each request an id, which its answer, its problems and every log line
 * on its behalf carry, and the trace that it belongs to, if its client says so.
 */
final class RequestScope extends Handler.Wrapper {
  static final String HEADER = "X-Request-Id";

  /** The key of the id among a request's attributes, and in the logging context. */
  static final String ID = "requestId";

  private static final Pattern SANE = Pattern.compile("[A-Za-z0-9._-]{1,128}");
  private static final String METHOD_OVERRIDE = "X-HTTP-Method-Override";

  /** The keys of the trace in the logging context. */
  private static final String TRACE_ID = "traceId";

  private static final String SPAN_ID = "spanId";

  /** The key of the trace among a request's attributes. */
  private static final String TRACE = "trace";

  private final RequestIds ids;
  private final LongSupplier spanIds;

  RequestScope(RequestIds ids, LongSupplier spanIds) {
    this.ids = ids;
    this.spanIds = spanIds;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    String id = identify(request);
    response.getHeaders().put(HEADER, id);
    Departure.prepare(request);
    Request asSent = asTheRequestLineSays(request);
    Optional<TraceContext> trace = trace(request);
    trace.ifPresent(step -> request.setAttribute(TRACE, step));
    try (var _ = logging(request)) {
      return trace.isPresent()
          ? ScopedValue.where(TraceContext.CURRENT, trace.get())
              .call(() -> super.handle(asSent, response, callback))
          : super.handle(asSent, response, callback);
    }
  }

  /** Puts what every line on behalf of the request carries into the logging context. */
  Logging logging(Request request) {
    MDC.put(ID, identify(request));
    if (request.getAttribute(TRACE) instanceof TraceContext trace) {
      MDC.put(TRACE_ID, trace.traceId());
      MDC.put(SPAN_ID, trace.spanId());
    }
    return () -> List.of(ID, TRACE_ID, SPAN_ID).forEach(MDC::remove);
  }

  /** A request has the logging context for itself, until this is closed. */
  interface Logging extends AutoCloseable {
    @Override
    void close();
  }

  private Optional<TraceContext> trace(Request request) {
    List<String> named = request.getHeaders().getValuesList("traceparent");
    return named.size() == 1
        ? TraceContext.parse(named.getFirst()).map(trace -> trace.step(spanIds.getAsLong()))
        : Optional.empty();
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
