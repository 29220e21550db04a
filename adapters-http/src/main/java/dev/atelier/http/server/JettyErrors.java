package dev.atelier.http.server;

import dev.atelier.http.header.Cors;
import dev.atelier.http.problem.Problem;
import dev.atelier.http.request.Json;
import dev.atelier.http.request.RequestContext;
import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** Renders errors that Jetty detects, such as a malformed request line, as problems. */
final class JettyErrors extends ErrorHandler {
  private final RequestContext requestContext;
  private final Cors cors;

  JettyErrors(RequestContext requestContext, Cors cors) {
    this.requestContext = requestContext;
    this.cors = cors;
    setCacheControl("no-store");
  }

  @Override
  public boolean errorPageForMethod(String method) {
    return true;
  }

  @Override
  protected void generateResponse(
      Request request,
      Response response,
      int code,
      @Nullable String message,
      @Nullable Throwable cause,
      Callback callback) {
    String requestId = requestContext.identify(request);
    Problem problem = Problem.ofStatus(code);
    response.setStatus(problem.status());
    var headers = response.getHeaders();
    headers.put(RequestContext.HEADER, requestId);
    headers.remove(HttpHeader.VARY);
    cors.allow(request, headers);
    headers.put(HttpHeader.CONTENT_TYPE, Problem.MEDIA_TYPE);
    problem.retryAfterSeconds().ifPresent(after -> headers.put(HttpHeader.RETRY_AFTER, after));
    response.write(true, ByteBuffer.wrap(Json.bytes(problem.json(requestId))), callback);
  }
}
