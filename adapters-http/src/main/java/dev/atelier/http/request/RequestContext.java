package dev.atelier.http.request;

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

/** Assigns each request an id, and continues the trace of the client. */
public final class RequestContext extends Handler.Wrapper {
  public static final String HEADER = "X-Request-Id";

  /** In the request attributes and in the MDC. */
  static final String ID = "requestId";

  private static final Pattern VALID_ID = Pattern.compile("[A-Za-z0-9._-]{1,128}");
  private static final String METHOD_OVERRIDE = "X-HTTP-Method-Override";

  private static final String TRACE_ID = "traceId";

  private static final String SPAN_ID = "spanId";

  private static final String TRACE = "trace";

  private final RequestIds ids;
  private final LongSupplier spanIds;

  public RequestContext(RequestIds ids, LongSupplier spanIds) {
    this.ids = ids;
    this.spanIds = spanIds;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    String id = identify(request);
    response.getHeaders().put(HEADER, id);
    ClientDisconnectMonitor.rememberConnection(request);
    Request sanitized = withoutMethodOverride(request);
    Optional<TraceContext> trace = trace(request);
    trace.ifPresent(span -> request.setAttribute(TRACE, span));
    try (var _ = logging(request)) {
      return trace.isPresent()
          ? ScopedValue.where(TraceContext.CURRENT, trace.get())
              .call(() -> super.handle(sanitized, response, callback))
          : super.handle(sanitized, response, callback);
    }
  }

  public Logging logging(Request request) {
    MDC.put(ID, identify(request));
    if (request.getAttribute(TRACE) instanceof TraceContext trace) {
      MDC.put(TRACE_ID, trace.traceId());
      MDC.put(SPAN_ID, trace.spanId());
    }
    return () -> List.of(ID, TRACE_ID, SPAN_ID).forEach(MDC::remove);
  }

  public interface Logging extends AutoCloseable {
    @Override
    void close();
  }

  private Optional<TraceContext> trace(Request request) {
    List<String> values = request.getHeaders().getValuesList("traceparent");
    return values.size() == 1
        ? TraceContext.parse(values.getFirst()).map(trace -> trace.step(spanIds.getAsLong()))
        : Optional.empty();
  }

  /** The assigned id, else a valid one from the client, else a new one. */
  public String identify(Request request) {
    if (request.getAttribute(ID) instanceof String assigned) {
      return assigned;
    }
    String clientId = request.getHeaders().get(HEADER);
    String id = clientId != null && VALID_ID.matcher(clientId).matches() ? clientId : ids.next();
    request.setAttribute(ID, id);
    return id;
  }

  public static String idOf(Context ctx) {
    return String.valueOf(ctx.<String>attribute(ID));
  }

  /** Javalin would let this header override the method. */
  private static Request withoutMethodOverride(Request request) {
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
