package dev.atelier.http.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atelier.domain.Generation;
import dev.atelier.domain.GenerationId;
import dev.atelier.domain.Generations;
import dev.atelier.domain.UserId;
import dev.atelier.http.Response;
import dev.atelier.http.TestServer;
import java.util.List;
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

/** Authentication of trusted servers by API key. */
@TestInstance(Lifecycle.PER_CLASS)
public class ApiKeyIT {
  /** SHA-256 of {@code the-key-of-web} and {@code the-key-of-admin}. */
  public static final AuthMode KEYS =
      new AuthMode.ApiKeys(
          List.of(
              new ApiKey("web", "5b80c7791b5bf6e9a392c09db8ab65e2435f881f074a28180494f5f740869c84"),
              new ApiKey(
                  "admin", "f6b3de99b36f16f62e3eb026b508888bb4fa8ce18b7f77e8970f5a39f8784492")));

  private TestServer studio;

  @BeforeAll
  void start() {
    studio =
        TestServer.start(new AccessSettings(KEYS, Optional.empty(), OptionalInt.empty(), Set.of()));
  }

  @AfterAll
  void close() {
    studio.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"Bearer the-key-of-web", "bearer  the-key-of-admin"})
  void everyKeyGivesAccessToTheGenerationsOfAllUsers(String credential) {
    Response response =
        studio.generate("{\"prompt\":\"a cat\",\"userId\":\"ada\"}", "Authorization", credential);

    assertThat(response.status()).isEqualTo(202);
    String id = response.json().get("id").textValue();
    assertThat(studio.generations.find(GenerationId.parse(id).orElseThrow()).orElseThrow().owner())
        .isEqualTo(new UserId("ada"));
    String path = "/api/predictions/" + id;
    assertThat(studio.get(path, "Authorization", credential).status()).isEqualTo(200);
    assertThat(studio.get(path + "?userId=ada", "Authorization", credential).status())
        .isEqualTo(200);
    studio.get(path + "?userId=bob", "Authorization", credential).isProblem(404, "not_found");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Bearer the-key-of-nobody",
        "Bearer web",
        "Bearer 5b80c7791b5bf6e9a392c09db8ab65e2435f881f074a28180494f5f740869c84",
        "Bearer",
        "Basic the-key-of-web",
        "the-key-of-web",
        "Bearer the-key-of-web x"
      })
  void anyOtherCredentialIsRejected(String credential) {
    Response response =
        studio
            .generate(TestServer.BODY, "Authorization", credential)
            .isProblem(401, "unauthenticated");

    assertThat(response.header("WWW-Authenticate")).contains("Bearer");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /api/predictions/{id}",
        "HEAD /api/predictions/{id}",
        "GET /api/generate/{id}",
        "GET /api/predictions/{id}/output/0",
        "GET /api/predictions/{id}/",
        "GET /api/webhooks/../predictions/{id}",
        "GET /api/predictions;a=b/{id}",
        "GET /api/%70redictions/{id}",
        "GET /api/./predictions/{id}",
        "POST /api/generate",
        "POST /api/webhooks/../generate"
      })
  void noSpellingOfAPathBypassesAuthentication(String request) {
    Generation kept = Generations.succeeded();
    studio.generations.insert(kept, Optional.empty(), TestServer.ACTIVE_LIMIT);

    Response response =
        studio.raw(
            request.replace("{id}", kept.id().toString())
                + " HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: "
                + TestServer.BODY.length()
                + "\r\nConnection: close\r\n\r\n"
                + TestServer.BODY);

    assertThat(response.status()).isIn(400, 401, 404);
    assertThat(response.text()).doesNotContain("a lighthouse");
  }

  @Test
  void otherRoutesNeedNoKey() {
    assertThat(studio.get("/").status()).isEqualTo(200);
    assertThat(studio.get("/health/live").status()).isEqualTo(200);
    studio.post("/api/webhooks", "{}").isProblem(401, "invalid_signature");
    studio.get("/api/nothing").isProblem(404, "not_found");
  }
}
