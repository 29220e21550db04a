package dev.atelier.skytells.sandbox.http;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;

/** A response to a request: complete ({@link FullResponse}) or broken on purpose. */
public interface Response {
  /** Closes the connection without a response. */
  Response NONE = _ -> {};

  /** The caller closes the exchange. */
  void send(HttpExchange exchange) throws IOException;
}
