package dev.atelier.skytells.sandbox.http;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;

/** What a client gets: most often a {@link FullResponse}, sometimes something nastier. */
public interface Response {
  /** Not even a status line: the connection is cut. */
  Response NONE = _ -> {};

  /** Sends it; the caller closes the exchange. */
  void send(HttpExchange exchange) throws IOException;
}
