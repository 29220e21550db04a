package dev.atelier.http.auth;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.atelier.application.port.Secret;
import dev.atelier.domain.Generation;
import dev.atelier.domain.GenerationId;
import dev.atelier.domain.Generations;
import dev.atelier.http.Response;
import dev.atelier.http.TestServer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Output URLs that need no credential. */
class SignedLinkIT {
  private static final String KEY = "Bearer the-key-of-web";
  private static final Secret NEW = new Secret("n".repeat(32));
  private static final Secret OLD = new Secret("o".repeat(32));
  private static final byte[] PICTURE = TestServer.png(100);

  @AutoClose private final TestServer studio = serverWith(NEW, OLD);

  @Test
  void aSignedLinkNeedsNoCredential() {
    GenerationId id = stored(studio);
    JsonNode json = status(studio, id).json();
    String link = json.get("outputUrl").textValue();

    assertThat(json.get("output").get(0).textValue()).isEqualTo(link);
    assertThat(json.get("assets").get(0).get("url").textValue()).isEqualTo(link);
    assertThat(studio.get(path(link)).body()).isEqualTo(PICTURE);
    assertThat(studio.send("HEAD", path(link), new byte[0]).status()).isEqualTo(200);
    assertThat(studio.get(path(link), "Authorization", "Bearer nonsense").status()).isEqualTo(200);
  }

  @Test
  void aCredentialNeedsNoSignature() {
    String output = "/api/predictions/" + stored(studio) + "/output/0";

    assertThat(studio.get(output, "Authorization", KEY).body()).isEqualTo(PICTURE);
    studio.get(output + "?userId=bob", "Authorization", KEY).isProblem(404, "not_found");
  }

  @ParameterizedTest
  @CsvSource({
    "output/0, output/1",
    "expires=, expires=1",
    "expires=, expires=-",
    "expires=, Expires=",
    "signature=, signature=x",
    "signature=, signature=&signature=",
    "signature=, s=",
    "/predictions/, /generate/../predictions/"
  })
  void aModifiedLinkIsRejected(String from, String to) {
    String link = path(status(studio, stored(studio)).json().get("outputUrl").textValue());
    assertThat(studio.get(link).status()).isEqualTo(200);

    assertThat(studio.get(link.replace(from, to)).status()).isIn(401, 404);
  }

  @Test
  void aLinkIsValidOnlyForItsOutput() {
    GenerationId id = stored(studio);
    String link = path(status(studio, id).json().get("outputUrl").textValue());
    String query = link.substring(link.indexOf('?'));

    studio.get("/api/predictions/" + id + query).isProblem(401, "unauthenticated");
    studio
        .get("/api/predictions/" + stored(studio) + "/output/0" + query)
        .isProblem(401, "unauthenticated");
  }

  @Test
  void withoutACredentialKnownAndUnknownOutputsGetTheSameResponse() {
    Response known =
        studio.get("/api/predictions/" + stored(studio) + "/output/0", "X-Request-Id", "same");
    Response unknown =
        studio.get(
            "/api/predictions/0198c0de-0000-7000-8000-00000000abcd/output/0",
            "X-Request-Id",
            "same");

    assertThat(known.isProblem(401, "unauthenticated").json()).isEqualTo(unknown.json());
  }

  @Test
  void aLinkExpiresAtMostFiveMinutesAfterItsLifetime() {
    String link = path(status(studio, stored(studio)).json().get("outputUrl").textValue());

    studio.clock.advance(Duration.ofMinutes(60));
    assertThat(studio.get(link).status()).isEqualTo(200);
    studio.clock.advance(Duration.ofMinutes(5).plusSeconds(1));
    studio.get(link).isProblem(401, "unauthenticated");
  }

  @Test
  void linksAreStableForMinutesAndTheETagFollowsThem() {
    GenerationId id = stored(studio);
    Response first = status(studio, id);
    studio.clock.advance(Duration.ofMinutes(4));
    String tag = first.header("ETag").orElseThrow();
    assertThat(
            studio
                .get("/api/predictions/" + id, "Authorization", KEY, "If-None-Match", tag)
                .status())
        .isEqualTo(304);
    assertThat(status(studio, id).json()).isEqualTo(first.json());

    studio.clock.advance(Duration.ofMinutes(2));

    Response later =
        studio.get("/api/predictions/" + id, "Authorization", KEY, "If-None-Match", tag);
    assertThat(later.status()).isEqualTo(200);
    assertThat(later.json()).isNotEqualTo(first.json());
  }

  @Test
  void everyKeyVerifiesSoThatKeysCanBeRotated() {
    try (var old = serverWith(OLD)) {
      Generation kept = Generations.succeeded();
      Stream.of(old, studio)
          .forEach(server -> server.generations.insert(kept, Optional.empty(), 10));
      String link = path(status(old, kept.id()).json().get("outputUrl").textValue());

      // The blob does not exist; only authentication matters here.
      assertThat(studio.get(link).status()).isNotEqualTo(401);
      String newLink = path(status(studio, kept.id()).json().get("outputUrl").textValue());
      old.get(newLink).isProblem(401, "unauthenticated");
    }
  }

  @Test
  void withoutAuthenticationLinksAreNotSigned() {
    try (var open = TestServer.start()) {
      GenerationId id = open.succeeded(PICTURE);

      assertThat(open.get("/api/predictions/" + id).json().get("outputUrl").textValue())
          .endsWith("/output/0");
    }
  }

  private static TestServer serverWith(Secret... keys) {
    var signing = new LinkSigning(List.of(keys), Duration.ofHours(1));
    return TestServer.start(
        new AccessSettings(ApiKeyIT.KEYS, Optional.of(signing), OptionalInt.empty(), Set.of()));
  }

  private static GenerationId stored(TestServer studio) {
    return studio.succeeded(PICTURE);
  }

  private static Response status(TestServer studio, GenerationId id) {
    return studio.get("/api/predictions/" + id, "Authorization", KEY);
  }

  private static String path(String link) {
    return link.substring(TestServer.APP_URL.length());
  }
}
