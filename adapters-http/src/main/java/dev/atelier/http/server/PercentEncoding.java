package dev.atelier.http.server;

import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Rejects invalid percent-encoding. Jetty does not check it after a semicolon, where Javalin would
 * fail.
 */
final class PercentEncoding extends Handler.Wrapper {
  private static final Pattern INVALID = Pattern.compile("%(?![0-9A-Fa-f]{2})");

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    String path = request.getHttpURI().getPath();
    if (path != null && INVALID.matcher(path).find()) {
      Response.writeError(request, response, callback, HttpStatus.BAD_REQUEST_400);
      return true;
    }
    return super.handle(request, response, callback);
  }
}
