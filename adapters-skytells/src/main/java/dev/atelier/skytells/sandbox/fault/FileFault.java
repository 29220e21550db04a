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

/** Sends an output, or breaks its download. */
public final class FileFault {
  private static final int BOMB_MEBIBYTES = 128;
  private static final String PRIVATE_URL =
      "http://10.255.255.1/output.png"; // TEST-NET is not private

  private FileFault() {}

  /**
   * Returns the response that has the faults.
   *
   * @param onSend runs before a complete send
   */
  public static Response response(SandboxFaults faults, FullResponse file, Runnable onSend) {
    if (faults.has(SandboxFault.FILE_HTML)) {
      return FullResponse.html(200, "<html><body>Please sign in.</body></html>");
    }
    if (faults.has(SandboxFault.FILE_REDIRECT)) {
      return new FullResponse(302, Map.of("Location", PRIVATE_URL), new byte[0]);
    }
    if (faults.has(SandboxFault.FILE_ENDLESS)) {
      return exchange -> {
        OutputStream out = sendHeaders(exchange, file, 0);
        while (true) {
          out.write(file.body());
        }
      };
    }
    if (faults.has(SandboxFault.FILE_TRUNCATED)) {
      return exchange ->
          sendHeaders(exchange, file, file.body().length)
              .write(file.body(), 0, file.body().length / 2);
    }
    if (faults.has(SandboxFault.FILE_GZIP)) {
      return exchange -> {
        onSend.run();
        encoded(file, gzip(file.body())).send(exchange);
      };
    }
    if (faults.has(SandboxFault.FILE_GZIP_BOMB)) {
      return exchange -> {
        FullResponse encoded = encoded(file, new byte[0]);
        try (var gzip = new GZIPOutputStream(sendHeaders(exchange, encoded, 0))) {
          gzip.write(file.body());
          for (int i = 0; i < BOMB_MEBIBYTES; i++) {
            gzip.write(new byte[1 << 20]);
          }
        }
      };
    }
    if (faults.has(SandboxFault.FILE_GZIP_TRUNCATED)) {
      return exchange -> {
        byte[] gzip = gzip(file.body());
        encoded(file, Arrays.copyOf(gzip, gzip.length / 2)).send(exchange);
      };
    }
    if (faults.has(SandboxFault.FILE_DRIP)) {
      return exchange -> {
        OutputStream out = sendHeaders(exchange, file, file.body().length);
        for (byte one : file.body()) {
          out.write(one);
          out.flush();
          Delay.seconds(1);
        }
      };
    }
    return exchange -> {
      onSend.run();
      file.send(exchange);
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

  private static OutputStream sendHeaders(HttpExchange exchange, FullResponse file, long length)
      throws IOException {
    file.headers().forEach(exchange.getResponseHeaders()::set);
    exchange.sendResponseHeaders(file.status(), length);
    return exchange.getResponseBody();
  }
}
