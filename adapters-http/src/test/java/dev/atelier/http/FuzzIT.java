package dev.atelier.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atelier.domain.GenerationId;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Thousands of requests that nobody thought of, the same ones on every run. */
class FuzzIT {
  private static final int REQUESTS = 4000;

  private static final List<String> METHODS =
      List.of("GET", "POST", "POST", "POST", "HEAD", "PUT", "DELETE", "OPTIONS", "AFTER", "x");
  private static final List<String> VALUES =
      List.of(
          "null",
          "true",
          "5",
          "-1",
          "1e999",
          "1.5",
          "\"\"",
          "\"a cat\"",
          "\"\\u0000abc\"",
          "[]",
          "{}",
          "[[[[",
          "\"\\ud800\"",
          "99999999999999999999",
          "\"ÿþ\"",
          "\"x\",",
          "",
          "'");
  private static final List<String> FIELDS =
      List.of(
          "prompt",
          "prompt",
          "model",
          "width",
          "height",
          "negativePrompt",
          "numInferenceSteps",
          "numOutputs",
          "seed",
          "durationSeconds",
          "userId",
          "",
          "\\u0000",
          "__proto__");
  private static final List<String> HEADERS =
      List.of(
          "Prefer: wait=%s",
          "Prefer: %s",
          "If-None-Match: %s",
          "Content-Type: %s",
          "Content-Type: application/json; charset=%s",
          "X-Request-Id: %s",
          "X-Skytells-Signature: %s",
          "X-HTTP-Method-Override: %s",
          "Accept: %s",
          "Accept-Encoding: %s",
          "Range: bytes=%s",
          "Expect: %s",
          "Connection: %s",
          "Upgrade: %s",
          "Sec-WebSocket-Version: %s",
          "Cookie: %s",
          "%s: x");

  private final Random random = new Random(20_261_120);
  private TestServer studio;
  private String id = "";

  @BeforeEach
  void start() {
    studio = TestServer.start();
    GenerationId succeeded = studio.succeeded(TestServer.png(100));
    id = succeeded.toString();
    // Nobody waits for anything any more, whatever wait they happen to ask for.
    studio.watches.close();
  }

  @AfterEach
  void close() {
    studio.close();
  }

  @Test
  void whateverIsSentIsNeverOurFaultAndShowsNothingOfTheInside() throws IOException {
    int answered = 0;
    for (int i = 0; i < REQUESTS; i++) {
      String request = request();
      byte[] wire = exchange(request);
      if (wire.length == 0) {
        continue;
      }
      answered++;
      Answer answer = Answer.parse(wire);
      assertThat(answer.status()).as(request).isBetween(200, 499);
      answer.showsNothingOfTheInside();
      if (answer.status() >= 400 && !request.startsWith("HEAD")) {
        assertThat(answer.header("Content-Type")).as(request).contains("application/problem+json");
      }
    }
    assertThat(answered).isGreaterThan(REQUESTS / 2);
    assertThat(studio.get("/health/live").status()).isEqualTo(200);
  }

  private byte[] exchange(String request) throws IOException {
    try (Socket socket = studio.connect()) {
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      socket.shutdownOutput();
      return socket.getInputStream().readAllBytes();
    } catch (SocketException e) {
      // Refused early, with more to come: the answer may be lost on the way.
      return new byte[0];
    }
  }

  private String request() {
    var request = new StringBuilder();
    request.append(pick(METHODS)).append(' ').append(path()).append(" HTTP/1.1\r\nHost: x\r\n");
    request.append("Connection: close\r\n");
    for (int i = random.nextInt(4); i > 0; i--) {
      request.append(pick(HEADERS).formatted(junk(random.nextInt(20)))).append("\r\n");
    }
    if (random.nextInt(3) == 0) {
      request.append("X-Skytells-Signature: signed\r\n");
    }
    String body = body();
    switch (random.nextInt(8)) {
      case 0 -> request.append("Transfer-Encoding: chunked\r\n\r\n").append(chunks(body));
      case 1 ->
          request
              .append("Content-Length: ")
              .append(random.nextInt(200))
              .append("\r\n\r\n")
              .append(body);
      default ->
          request.append("Content-Length: ").append(body.length()).append("\r\n\r\n").append(body);
    }
    return random.nextInt(10) == 0 ? mutated(request.toString()) : request.toString();
  }

  private String path() {
    String path =
        pick(
            List.of(
                "/",
                "/api/generate",
                "/api/generate",
                "/api/generate",
                "/api/webhooks",
                "/api/webhooks/skytells",
                "/api/webhooks/skytells/" + id,
                "/api/generate/" + id,
                "/api/predictions/" + id,
                "/api/predictions/" + id + "?wait=" + pathJunk(3),
                "/api/predictions/" + id + "/output/0",
                "/api/predictions/" + id + "/output/" + pathJunk(3),
                "/api/predictions/" + pathJunk(36),
                "/health/ready",
                "/" + pathJunk(10)));
    return random.nextInt(10) == 0 ? mutated(path) : path;
  }

  private String body() {
    return switch (random.nextInt(4)) {
      case 0 -> junk(random.nextInt(100));
      case 1 -> mutated(TestServer.BODY);
      default -> {
        var body = new StringBuilder("{");
        for (int i = random.nextInt(5); i >= 0; i--) {
          body.append('"').append(pick(FIELDS)).append("\":").append(pick(VALUES));
          body.append(i == 0 ? "}" : ",");
        }
        yield body.toString();
      }
    };
  }

  private String chunks(String body) {
    return Integer.toHexString(body.length()) + "\r\n" + body + "\r\n0\r\n\r\n";
  }

  private String mutated(String text) {
    if (text.isEmpty()) {
      return text;
    }
    int at = random.nextInt(text.length());
    return text.substring(0, at)
        + junk(random.nextInt(3))
        + text.substring(Math.min(text.length(), at + random.nextInt(3)));
  }

  private String pathJunk(int length) {
    return junk(length).replaceAll("[\\s\\p{Cntrl}]", "%20");
  }

  private String junk(int length) {
    var junk = new StringBuilder();
    for (int i = 0; i < length; i++) {
      junk.append((char) (random.nextBoolean() ? random.nextInt(32, 127) : random.nextInt(256)));
    }
    return junk.toString();
  }

  private <T> T pick(List<T> from) {
    return from.get(random.nextInt(from.size()));
  }
}
