package dev.atelier.skytells.sandbox;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;

/** What a client gets: most often a {@link Reply}, sometimes something nastier. */
interface Answer {
  /** Sends it; the caller closes the exchange. */
  void send(HttpExchange exchange) throws IOException;
}
