package dev.atelier.skytells.sandbox.fault;

import com.sun.net.httpserver.HttpExchange;
import dev.atelier.skytells.sandbox.http.Delay;
import dev.atelier.skytells.sandbox.http.FullResponse;
import dev.atelier.skytells.sandbox.http.Response;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Map;
import java.util.zip.GZIPOutputStream;

/** The ways in which a file is sent. */
public enum FileFault {
  /** As it should be. */
  NONE,
  HTML,
  REDIRECT,
  ENDLESS,
  TRUNCATED,
  DRIP,
  GZIP,
  GZIP_BOMB,
  GZIP_TRUNCATED;

  private static final int BOMB_MEBIBYTES = 128;

  /** TEST-NET addresses are not private; this one is, and nobody should ever ask it. */
  private static final String PRIVATE_ADDRESS = "http://10.255.255.1/output.png";

  public static FileFault of(SandboxFaults faults) {
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
    if (faults.has(SandboxFault.FILE_GZIP)) {
      return GZIP;
    }
    if (faults.has(SandboxFault.FILE_GZIP_BOMB)) {
      return GZIP_BOMB;
    }
    if (faults.has(SandboxFault.FILE_GZIP_TRUNCATED)) {
      return GZIP_TRUNCATED;
    }
    return faults.has(SandboxFault.FILE_DRIP) ? DRIP : NONE;
  }

  /**
   * The answer that sends the file in this way.
   *
   * @param served runs when it is about to be sent whole
   */
  public Response send(FullResponse file, Runnable served) {
    return switch (this) {
      case NONE ->
          exchange -> {
            served.run();
            file.send(exchange);
          };
      case HTML -> FullResponse.html(200, "<html><body>Please sign in.</body></html>");
      case REDIRECT -> new FullResponse(302, Map.of("Location", PRIVATE_ADDRESS), new byte[0]);
      case ENDLESS ->
          exchange -> {
            OutputStream out = sendHeaders(exchange, file, 0);
            while (true) {
              out.write(file.body());
            }
          };
      case TRUNCATED ->
          exchange ->
              sendHeaders(exchange, file, file.body().length)
                  .write(file.body(), 0, file.body().length / 2);
      case DRIP ->
          exchange -> {
            OutputStream out = sendHeaders(exchange, file, file.body().length);
            for (byte one : file.body()) {
              out.write(one);
              out.flush();
              Delay.seconds(1);
            }
          };
      case GZIP ->
          exchange -> {
            served.run();
            encoded(file, gzip(file.body())).send(exchange);
          };
      case GZIP_BOMB ->
          exchange -> {
            FullResponse encoded = encoded(file, new byte[0]);
            try (var gzip = new GZIPOutputStream(sendHeaders(exchange, encoded, 0))) {
              gzip.write(file.body());
              for (int i = 0; i < BOMB_MEBIBYTES; i++) {
                gzip.write(new byte[1 << 20]);
              }
            }
          };
      case GZIP_TRUNCATED ->
          exchange -> {
            byte[] gzip = gzip(file.body());
            encoded(file, Arrays.copyOf(gzip, gzip.length / 2)).send(exchange);
          };
    };
  }

  private static FullResponse encoded(FullResponse file, byte[] body) {
    return new FullResponse(file.status(), file.headers(), body).with("Content-Encoding", "gzip");
  }

  private static byte[] gzip(byte[] bytes) throws IOException {
    var encoded = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(encoded)) {
      gzip.write(bytes);
    }
    return encoded.toByteArray();
  }

  /** Sends the headers; a length of 0 promises none. */
  private static OutputStream sendHeaders(HttpExchange exchange, FullResponse file, long length)
      throws IOException {
    file.headers().forEach(exchange.getResponseHeaders()::set);
    exchange.sendResponseHeaders(file.status(), length);
    return exchange.getResponseBody();
  }
}
