package dev.atelier.http.header;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atelier.http.Response;
import dev.atelier.http.TestServer;
import dev.atelier.http.auth.AccessSettings;
import dev.atelier.http.auth.ApiKeyIT;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests of browsers for pages of other origins. */
@TestInstance(Lifecycle.PER_CLASS)
class CorsIT {
  private static final String PAGE = "https://app.example";
  private static final String ALLOW_ORIGIN = "Access-Control-Allow-Origin";

  private TestServer studio;

  @BeforeAll
  void start() {
    studio = serverFor(PAGE, "http://localhost:3000");
  }

  @AfterAll
  void close() {
    studio.close();
  }

  @Test
  void aPreflightNeedsNoCredential() {
    Response response = preflight(PAGE, "/api/generate", "POST");

    assertThat(response.status()).isEqualTo(204);
    assertThat(response.header(ALLOW_ORIGIN)).contains(PAGE);
    assertThat(response.header("Vary")).contains("Origin");
    assertThat(response.header("Access-Control-Max-Age")).contains("600");
    assertThat(response.header("Access-Control-Allow-Credentials")).isEmpty();
    assertThat(list(response, "Access-Control-Allow-Methods"))
        .containsExactlyInAnyOrder("get", "head", "post", "delete");
    assertThat(list(response, "Access-Control-Allow-Headers"))
        .containsExactlyInAnyOrder(
            "authorization",
            "content-type",
            "idempotency-key",
            "if-none-match",
            "last-event-id",
            "prefer",
            "traceparent",
            "x-request-id");
    assertThat(response.body()).isEmpty();
  }

  @Test
  void anAllowedOriginMayReadTheResponseAndItsHeaders() {
    Response response =
        studio.generate(
            TestServer.BODY, "Origin", PAGE, "Authorization", "Bearer " + TestServer.BEARER);

    assertThat(response.status()).isEqualTo(202);
    assertThat(response.header(ALLOW_ORIGIN)).contains(PAGE);
    assertThat(list(response, "Access-Control-Expose-Headers"))
        .containsExactlyInAnyOrder(
            "accept-ranges",
            "content-disposition",
            "content-range",
            "etag",
            "idempotent-replayed",
            "location",
            "preference-applied",
            "ratelimit",
            "ratelimit-policy",
            "retry-after",
            "www-authenticate",
            "x-request-id");
  }

  @Test
  void cacheableResponsesVaryByOriginAndCredential() {
    Response response =
        studio.get(
            "/api/predictions/" + studio.queued(),
            "Origin",
            PAGE,
            "Authorization",
            "Bearer " + TestServer.BEARER);

    assertThat(response.headers().get("Vary")).containsExactlyInAnyOrder("Origin", "Authorization");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/api/predictions/x", "/nothing", "/x%2Fy", "/api/predictions/x?wait=99"})
  void anAllowedOriginMayReadProblems(String path) {
    Response response =
        studio.raw(
            "GET "
                + path
                + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nOrigin: "
                + PAGE
                + "\r\n\r\n");

    assertThat(response.header("Content-Type")).contains("application/problem+json");
    assertThat(response.header(ALLOW_ORIGIN)).contains(PAGE);
    assertThat(response.header("Vary")).contains("Origin");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://evil.example",
        "https://app.example.evil",
        "https://appXexample",
        "http://app.example",
        "https://app.example:8443",
        "null"
      })
  void anyOtherOriginMayReadNothing(String origin) {
    assertThat(preflight(origin, "/api/generate", "POST").header(ALLOW_ORIGIN)).isEmpty();
    Response response = studio.get("/health/live", "Origin", origin);
    assertThat(response.status()).isEqualTo(200);
    assertThat(response.header(ALLOW_ORIGIN)).isEmpty();
    assertThat(response.header("Vary")).contains("Origin");
  }

  @Test
  void aWildcardAllowsAnyOrigin() {
    try (var open = serverFor("*")) {
      assertThat(open.get("/health/live", "Origin", "https://any.example").header(ALLOW_ORIGIN))
          .contains("https://any.example");
    }
  }

  @Test
  void withoutConfiguredOriginsNoneIsAllowed() {
    try (var closed = TestServer.start()) {
      Response response = closed.get("/health/live", "Origin", PAGE);

      assertThat(response.header(ALLOW_ORIGIN)).isEmpty();
      assertThat(response.header("Vary")).isEmpty();
    }
  }

  private static TestServer serverFor(String... origins) {
    return TestServer.start(
        new AccessSettings(ApiKeyIT.KEYS, Optional.empty(), OptionalInt.empty(), Set.of(origins)));
  }

  private Response preflight(String origin, String path, String method) {
    return studio.send(
        "OPTIONS",
        path,
        new byte[0],
        "Origin",
        origin,
        "Access-Control-Request-Method",
        method,
        "Access-Control-Request-Headers",
        "authorization,content-type");
  }

  private static List<String> list(Response response, String header) {
    return List.of(response.header(header).orElseThrow().toLowerCase(Locale.ROOT).split(",\\s*"));
  }
}
