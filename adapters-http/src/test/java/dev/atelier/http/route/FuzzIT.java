package dev.atelier.http.route;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.read.ListAppender;
import dev.atelier.application.port.MutableClock;
import dev.atelier.application.port.Secret;
import dev.atelier.http.Response;
import dev.atelier.http.TestServer;
import dev.atelier.http.auth.AccessSettings;
import dev.atelier.http.auth.AuthMode;
import dev.atelier.http.auth.LinkSigning;
import dev.atelier.http.auth.TestIssuer;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/**
 * Sends thousands of random requests, the same on every run. {@code -Dfuzz.requests=100000} sends
 * more, {@code -Dfuzz.seed} others.
 */
class FuzzIT {
  private static final int REQUESTS = Integer.getInteger("fuzz.requests", 4000);
  private static final long SEED = Long.getLong("fuzz.seed", 20_261_120);

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
          "Last-Event-ID: %s",
          "Content-Type: %s",
          "Content-Type: application/json; charset=%s",
          "X-Request-Id: %s",
          "Authorization: %s",
          "Authorization: Bearer %s",
          "Origin: %s",
          "Origin: https://app.example",
          "Access-Control-Request-Method: %s",
          "traceparent: %s",
          "traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-%s",
          "Idempotency-Key: %s",
          "Idempotency-Key: \"%s\"",
          "Last-Event-ID: %s",
          "X-Forwarded-For: %s",
          "X-Skytells-Signature: %s",
          "X-HTTP-Method-Override: %s",
          "Accept: %s",
          "Accept: text/html",
          "Accept-Encoding: %s",
          "Range: bytes=%s",
          "Expect: %s",
          "Connection: %s",
          "Upgrade: %s",
          "Sec-WebSocket-Version: %s",
          "Cookie: %s",
          "%s: x");

  private static final Pattern REQUEST_LINE =
      Pattern.compile("([A-Z]+) ([^\\s?]+)(?:\\?\\S*)? HTTP/1\\.1\r\n");

  private final Random random = new Random(SEED);
  private final Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
  private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
  private final MutableClock issuerClock = new MutableClock();
  private final Map<Integer, Integer> responses = new TreeMap<>();
  private Appender<ILoggingEvent> console;
  private TestServer studio;
  private TestServer locked;
  private TestIssuer issuer;
  private String id = "";
  private String link = "";
  private String bearer = "";

  @BeforeEach
  void start() {
    issuer = TestIssuer.start(issuerClock);
    bearer = issuer.bearer("ada");
    var signing = new LinkSigning(List.of(new Secret("k".repeat(32))), Duration.ofHours(1));
    studio = TestServer.start(accessSettings(new AuthMode.None(), signing));
    locked = TestServer.start(accessSettings(issuer.auth(), signing));
    id = studio.succeeded(TestServer.png(100)).toString();
    link =
        studio
            .get("/api/predictions/" + id)
            .json()
            .get("outputUrl")
            .textValue()
            .substring(TestServer.APP_URL.length());
    // Random waits return at once.
    studio.generationSubscriptions.close();
    locked.generationSubscriptions.close();
    console = root.getAppender("console");
    root.detachAppender(console);
    logged.start();
    root.addAppender(logged);
    root.setLevel(Level.WARN);
  }

  @AfterEach
  void close() {
    root.setLevel(Level.OFF);
    root.detachAppender(logged);
    root.addAppender(console);
    studio.close();
    locked.close();
    issuer.close();
  }

  private static AccessSettings accessSettings(AuthMode authMode, LinkSigning signing) {
    return new AccessSettings(
        authMode, Optional.of(signing), OptionalInt.of(1_000_000), Set.of("https://app.example"));
  }

  @Test
  void noRequestCausesA5xxOrExposesInternals() throws IOException {
    for (int i = 0; i < REQUESTS; i++) {
      TestServer server = random.nextInt(5) == 0 ? locked : studio;
      String request = request();
      byte[] wire = exchange(server, request);
      if (wire.length == 0) {
        continue;
      }
      Response response = Response.parse(wire);
      responses.merge(response.status(), 1, Integer::sum);
      assertThat(response.status()).as(request).isBetween(200, 499);
      response.exposesNoInternals();
      checkContract(request, response);
      if (response.status() >= 400 && !request.startsWith("HEAD")) {
        assertThat(response.header("Content-Type"))
            .as(request)
            .contains("application/problem+json");
      }
    }
    System.out.println(
        "fuzz: " + REQUESTS + " requests, seed " + SEED + ", responses " + responses);
    assertThat(responses.values().stream().mapToInt(n -> n).sum()).isGreaterThan(REQUESTS / 2);
    assertThat(responses).containsKeys(200, 202, 204, 400, 401, 404, 405, 406, 415);
    assertThat(logged.list)
        .noneMatch(line -> line.getThrowableProxy() != null || line.getLevel() == Level.ERROR);
    assertThat(studio.get("/health/live").status()).isEqualTo(200);
    assertThat(locked.get("/health/live").status()).isEqualTo(200);
  }

  /** Checks the response against openapi.json; the query may have unknown parameters. */
  private static void checkContract(String request, Response response) {
    Matcher line = REQUEST_LINE.matcher(request);
    if (line.lookingAt()) {
      TestServer.CONTRACT.check(
          line.group(1), line.group(2), response.status(), response.headers(), response.body());
    }
  }

  private static byte[] exchange(TestServer server, String request) throws IOException {
    try (Socket socket = server.connect()) {
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      socket.shutdownOutput();
      return socket.getInputStream().readAllBytes();
    } catch (SocketException e) {
      // Rejected before the whole request was sent, so the response may be lost.
      return new byte[0];
    }
  }

  private String request() {
    String path = path();
    boolean preflight = random.nextInt(20) == 0;
    var request = new StringBuilder();
    request.append(preflight ? "OPTIONS" : method(path)).append(' ').append(path);
    request.append(" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n");
    if (preflight) {
      request.append("Origin: https://app.example\r\nAccess-Control-Request-Method: POST\r\n");
    }
    for (int i = random.nextInt(4); i > 0; i--) {
      request.append(pick(HEADERS).formatted(value())).append("\r\n");
    }
    if (random.nextInt(3) == 0) {
      request.append("X-Skytells-Signature: signed\r\n");
    }
    if (random.nextInt(5) != 0) {
      request.append("Content-Type: application/json\r\n");
    }
    switch (random.nextInt(4)) {
      case 0 -> request.append("Authorization: ").append(bearer).append("\r\n");
      case 1 -> request.append("Authorization: ").append(mutated(bearer)).append("\r\n");
      default -> {}
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

  /** Usually a method that the path supports. */
  private String method(String path) {
    if (random.nextInt(4) == 0) {
      return pick(METHODS);
    }
    return path.matches("/api/generate|/api/webhooks.*|/internal.*|.*/cancel") ? "POST" : "GET";
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
                "/api/predictions/" + id + "?userId=" + pathJunk(3),
                "/api/predictions/" + id + "/output/0",
                link,
                mutated(link).replaceAll("[\\s\\p{Cntrl}]", "%20"),
                "/api/predictions",
                "/api/predictions?limit=" + pathJunk(2) + "&cursor=" + pathJunk(10),
                "/api/predictions/" + id + "/events",
                "/api/predictions/" + id + "/cancel",
                "/api/models",
                "/metrics",
                "/internal/sweep",
                "/api/predictions/" + id + "/output/" + pathJunk(3),
                "/api/predictions/" + pathJunk(36),
                "/health/ready",
                "/" + pathJunk(10)));
    return random.nextInt(10) == 0 ? mutated(path) : path;
  }

  private String body() {
    return switch (random.nextInt(5)) {
      case 0 -> junk(random.nextInt(100));
      case 1 -> mutated(TestServer.BODY);
      case 2 -> "{\"prompt\":\"a cat\",\"userId\":\"" + random.nextInt(10_000) + "\"}";
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

  /** A header value, usually one that Jetty accepts. */
  private String value() {
    String value = junk(random.nextInt(20));
    return random.nextInt(4) == 0 ? value : value.replaceAll("[^ -~]", "");
  }

  private String chunks(String body) {
    return Integer.toHexString(body.length()) + "\r\n" + body + "\r\n0\r\n\r\n";
  }

  private String mutated(String text) {
    if (text.isEmpty()) {
      return text;
    }
    int position = random.nextInt(text.length());
    return text.substring(0, position)
        + junk(random.nextInt(3))
        + text.substring(Math.min(text.length(), position + random.nextInt(3)));
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
