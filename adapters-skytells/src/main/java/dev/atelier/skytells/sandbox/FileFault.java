package dev.atelier.skytells.sandbox;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;

/** The ways in which a file is sent. */
enum FileFault {
  /** As it should be. */
  NONE,
  HTML,
  REDIRECT,
  ENDLESS,
  TRUNCATED,
  DRIP;

  /** TEST-NET addresses are not private; this one is, and nobody should ever ask it. */
  private static final String PRIVATE_ADDRESS = "http://10.255.255.1/output.png";

  static FileFault of(SandboxFaults faults) {
    if (faults.has(SandboxFault.FILE_HTML)) {
      return HTML;
    }
    if (faults.has(SandboxFault.FILE_REDIRECT)) {
      return REDIRECT;
    }
    if (faults.has(SandboxFault.FILE_ENDLESS)) {
      return ENDLESS;
    }
    if (faults.has(SandboxFault.FILE_TRUNCATED)) {
      return TRUNCATED;
    }
    return faults.has(SandboxFault.FILE_DRIP) ? DRIP : NONE;
  }

  /**
   * The answer that sends the file in this way.
   *
   * @param served runs when it is about to be sent whole
   */
  Answer send(Reply file, Runnable served) {
    return switch (this) {
      case NONE ->
          exchange -> {
            served.run();
            file.send(exchange);
          };
      case HTML -> Reply.html(200, "<html><body>Please sign in.</body></html>");
      case REDIRECT -> new Reply(302, Map.of("Location", PRIVATE_ADDRESS), new byte[0]);
      case ENDLESS ->
          exchange -> {
            OutputStream out = begin(exchange, file, 0);
            while (true) {
              out.write(file.body());
            }
          };
      case TRUNCATED ->
          exchange ->
              begin(exchange, file, file.body().length)
                  .write(file.body(), 0, file.body().length / 2);
      case DRIP ->
          exchange -> {
            OutputStream out = begin(exchange, file, file.body().length);
            for (byte one : file.body()) {
              out.write(one);
              out.flush();
              Pause.seconds(1);
            }
          };
    };
  }

  /** Sends the headers; a length of 0 promises none. */
  private static OutputStream begin(HttpExchange exchange, Reply file, long length)
      throws IOException {
    file.headers().forEach(exchange.getResponseHeaders()::set);
    exchange.sendResponseHeaders(file.status(), length);
    return exchange.getResponseBody();
  }
}
