package dev.atelier.skytells.sandbox.api;

import com.sun.net.httpserver.HttpExchange;
import dev.atelier.skytells.sandbox.http.FullResponse;
import dev.atelier.skytells.sandbox.http.Response;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;

/**
 * A file followed by deterministic noise that decoders ignore: an MPEG-4 {@code free} box, or bytes
 * after a PNG.
 */
record LargeFile(FullResponse file, int mebibytes, long seed, Runnable onSend) implements Response {
  private static final int MEBIBYTE = 1 << 20;

  @Override
  public void send(HttpExchange exchange) throws IOException {
    onSend.run();
    byte[] box = ByteBuffer.allocate(8).putInt(8 + mebibytes * MEBIBYTE).put(type()).array();
    long noise = (long) mebibytes * MEBIBYTE;
    file.headers().forEach(exchange.getResponseHeaders()::set);
    exchange.sendResponseHeaders(file.status(), file.body().length + box.length + noise);
    OutputStream out = exchange.getResponseBody();
    out.write(file.body());
    out.write(box);
    var random = new SplittableRandom(seed);
    byte[] chunk = new byte[MEBIBYTE];
    for (int i = 0; i < mebibytes; i++) {
      random.nextBytes(chunk);
      out.write(chunk);
    }
  }

  private static byte[] type() {
    return "free".getBytes(StandardCharsets.US_ASCII);
  }
}
