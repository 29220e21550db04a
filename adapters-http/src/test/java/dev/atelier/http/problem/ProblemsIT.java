package dev.atelier.http.problem;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atelier.application.query.GetStatus;
import dev.atelier.http.Logs;
import dev.atelier.http.Response;
import dev.atelier.http.TestServer;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@TestInstance(Lifecycle.PER_CLASS)
class ProblemsIT {
  private static final String ID = "0198c0de-0000-7000-8000-00000000abcd";

  private TestServer studio;

  @BeforeAll
  void start() {
    studio = TestServer.start();
  }

  @AfterAll
  void close() {
    studio.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/nothing", "/api", "/api/predictions/x/y", "/WEB-INF/web.xml", "/.env"})
  void anUnknownPathIsNotFound(String path) {
    studio.get(path, "Accept", "text/html").isProblem(404, "not_found");
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /api/generate, POST",
    "DELETE, /api/generate, POST",
    "OPTIONS, /api/webhooks, POST",
    "PUT, /api/predictions/x, 'GET, DELETE, HEAD'",
    "POST, /, 'GET, HEAD'",
    "TRACE, /health/live, 'GET, HEAD'",
    "BEFORE, /health/live, 'GET, HEAD'",
    "get, /health/live, 'GET, HEAD'"
  })
  void anUnsupportedMethodIsAnswered405WithAllow(String method, String path, String allowed) {
    Response response =
        studio
            .raw(method + " " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            .isProblem(405, "method_not_allowed");

    assertThat(response.header("Allow")).contains(allowed);
  }

  @Test
  void theMethodOverrideHeaderIsIgnored() {
    studio
        .send("GET", "/api/generate", new byte[0], "X-HTTP-Method-Override", "POST")
        .isProblem(405, "method_not_allowed");
    assertThat(studio.get("/health/live", "X-HTTP-Method-Override", "AFTER").status())
        .isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /%zz HTTP/1.1",
        "GET /api/predictions/x;%zz HTTP/1.1",
        "GET /api/predictions/x;% HTTP/1.1",
        "GET /%c0%af HTTP/1.1",
        "GET /api/predictions%2Fx HTTP/1.1",
        "GET /api/predictions/../x/%2e%2e/y HTTP/1.1",
        "GET / HTTP/9.9",
        "GET //api/predictions/x HTTP/1.1",
        "GET /a b HTTP/1.1",
        "GET nothing HTTP/1.1",
        "GET",
        "\u0016\u0003\u0001"
      })
  void aMalformedRequestLineIsRejectedWith400(String line) {
    studio.raw(line + "\r\nHost: x\r\nConnection: close\r\n\r\n").isProblem(400, "invalid_request");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Host: x\r\nHost: y",
        "Host: x\r\nContent-Length: -1",
        "Host: x\r\nContent-Length: 1\r\nContent-Length: 2",
        "Host: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked",
        "Host: x\r\nX-Broken header: y",
        "Host: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nno chunk",
        "No-Host: x"
      })
  void malformedHeadersOrChunksAreRejectedWith400(String headers) {
    studio
        .raw("POST /api/generate HTTP/1.1\r\nConnection: close\r\n" + headers + "\r\n\r\n")
        .isProblem(400, "invalid_request");
  }

  @Test
  void aMalformedConnectionHeaderIsTolerated() {
    studio
        .raw("GET /nothing HTTP/1.1\r\nHost: x\r\nConnection: close\r\nConnection: a\"b\r\n\r\n")
        .isProblem(404, "not_found");
  }

  @Test
  void overlongUrlsAndHeadersAreRejected() {
    String tooLong = "x".repeat(20_000);

    studio.raw("GET /" + tooLong + " HTTP/1.1\r\nHost: x\r\n\r\n").isProblem(414, "uri_too_long");
    studio
        .raw("GET / HTTP/1.1\r\nHost: x\r\nX-Long: " + tooLong + "\r\n\r\n")
        .isProblem(431, "headers_too_large");
    studio
        .raw("GET / HTTP/1.1\r\nHost: x\r\nExpect: unknown\r\nConnection: close\r\n\r\n")
        .isProblem(417, "invalid_request");
  }

  @ParameterizedTest
  @ValueSource(strings = {"text/html", "image/*, text/plain;q=0.5", "application/json;q=0"})
  void anAcceptHeaderWithoutJsonIsRejectedBeforeAnySubmission(String accept) {
    studio.generate(TestServer.BODY, "Accept", accept).isProblem(406, "not_acceptable");
    studio.get("/api/predictions/" + ID, "Accept", accept).isProblem(406, "not_acceptable");
    assertThat(studio.skytells.sold()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "*/*",
        "application/*",
        "text/html, application/json;q=0.1",
        "Application/Problem+JSON",
        "text/html,*/*;q=0.8",
        ", ,",
        "nonsense"
      })
  void anAcceptHeaderWithJsonIsAccepted(String accept) {
    studio.get("/api/predictions/" + ID, "Accept", accept).isProblem(404, "not_found");
  }

  @Test
  void outputsDoNotRequireAcceptingJson() {
    studio
        .get("/api/predictions/" + ID + "/output/0", "Accept", "image/*")
        .isProblem(404, "not_found");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/nothing", "/api/predictions/" + ID, "/x%2Fy"})
  void headReturnsTheHeadersOfTheProblem(String path) {
    Response whole = studio.get(path);

    Response head = studio.send("HEAD", path, new byte[0]);

    assertThat(head.status()).isEqualTo(whole.status());
    assertThat(head.header("Content-Type")).contains("application/problem+json");
    assertThat(head.header("Cache-Control")).contains("no-store");
    assertThat(head.body()).isEmpty();
  }

  @Test
  void aTruncatedBodyIsNotProcessed() throws IOException {
    try (Socket socket = studio.connect()) {
      socket
          .getOutputStream()
          .write(
              ("POST /api/generate HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n"
                      + TestServer.BODY)
                  .getBytes(StandardCharsets.US_ASCII));
      socket.shutdownOutput();

      assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
          .doesNotContain("HTTP/1.1 2", "HTTP/1.1 5");
    }
    assertThat(studio.skytells.sold()).isEmpty();
  }

  @Test
  void anUnexpectedExceptionExposesNoInternals() {
    try (var server = failing(new IllegalStateException("the secret of jdbc:postgresql"))) {
      Response response = server.get("/api/predictions/" + ID).isProblem(500, "internal_error");

      assertThat(response.text()).doesNotContain("secret");
      assertThat(response.json().get("retryable").booleanValue()).isFalse();
    }
  }

  @Test
  void anErrorExposesNoInternalsAndIsLogged() {
    try (var server = failing(new StackOverflowError("the secret"));
        var logs = new Logs()) {
      Response response = server.get("/api/predictions/" + ID).isProblem(500, "internal_error");

      assertThat(response.text()).doesNotContain("secret");
      assertThat(logs.lines())
          .filteredOn(line -> line.startsWith("ERROR"))
          .containsExactly("ERROR unexpected error, responding 500");
    }
  }

  @Test
  void theServerDoesNotIdentifyItself() {
    for (Response response :
        new Response[] {studio.get("/"), studio.get("/nothing"), studio.raw("GET\r\n\r\n")}) {
      assertThat(response.headers()).doesNotContainKeys("Server", "X-Powered-By");
    }
  }

  private static TestServer failing(Throwable thrown) {
    GetStatus fails =
        _ -> {
          switch (thrown) {
            case Error error -> throw error;
            case RuntimeException exception -> throw exception;
            default -> throw new AssertionError(thrown);
          }
        };
    return TestServer.start(GetStatus.class, _ -> fails);
  }
}
