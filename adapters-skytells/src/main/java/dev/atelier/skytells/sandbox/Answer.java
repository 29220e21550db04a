package dev.atelier.skytells.sandbox;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;

/** What a client gets: most often a {@link Reply}, sometimes something nastier. */
interface Answer {
  /** Not even a status line: the connection is cut. */
  Answer NONE = _ -> {};

  /** Sends it; the caller closes the exchange. */
  void send(HttpExchange exchange) throws IOException;
}
