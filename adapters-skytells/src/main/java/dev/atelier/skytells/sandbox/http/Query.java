package dev.atelier.skytells.sandbox.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import java.net.URLDecoder;
import java.util.Optional;
import java.util.stream.Stream;

/** The query string of a request. */
public record Query(String raw) {
  public static Query of(HttpExchange exchange) {
    String raw = exchange.getRequestURI().getRawQuery();
    return new Query(raw == null ? "" : raw);
  }

  public boolean isFiltered() {
    return Stream.of("model", "status", "from", "to").anyMatch(name -> get(name).isPresent());
  }

  public Optional<String> get(String name) {
    return Stream.of(raw.split("&"))
        .filter(pair -> pair.startsWith(name + "="))
        .map(pair -> URLDecoder.decode(pair.substring(name.length() + 1), UTF_8))
        .findFirst();
  }
}
