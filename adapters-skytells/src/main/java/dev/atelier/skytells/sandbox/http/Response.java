package dev.atelier.skytells.sandbox.http;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;

/** A response to a request: usually a {@link FullResponse}, otherwise a broken one. */
public interface Response {
  /** Closes the connection without a status line. */
  Response NONE = _ -> {};

  /** The caller closes the exchange. */
  void send(HttpExchange exchange) throws IOException;
}
