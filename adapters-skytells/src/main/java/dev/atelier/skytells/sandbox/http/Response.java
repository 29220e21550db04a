package dev.atelier.skytells.sandbox.http;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;

/** A {@link FullResponse}, or a broken response. */
public interface Response {
  /** Closes the connection. */
  Response NONE = _ -> {};

  /** The caller closes the exchange. */
  void send(HttpExchange exchange) throws IOException;
}
