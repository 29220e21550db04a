package dev.atelier.http.route;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.atelier.domain.GenerationId;
import dev.atelier.domain.Prediction;
import dev.atelier.http.Response;
import dev.atelier.http.TestServer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ListIT {
  @AutoClose private final TestServer studio = TestServer.start();

  @Test
  void anEmptyListHasNoNextPage() {
    Response response = studio.get("/api/predictions");

    assertThat(response.status()).isEqualTo(200);
    assertThat(response.text()).isEqualTo("{\"items\":[],\"nextCursor\":null}");
    assertThat(response.header("Cache-Control")).contains("private, no-cache");
    assertThat(response.header("Content-Type")).contains("application/json");
  }

  @Test
  void anItemHasTheJsonOfTheSingleGeneration() {
    GenerationId id = studio.succeeded(TestServer.png(100));

    JsonNode items = studio.get("/api/predictions").json().get("items");

    assertThat(items).hasSize(1);
    assertThat(items.get(0)).isEqualTo(studio.get("/api/predictions/" + id).json());
  }

  @Test
  void pagingReturnsEveryGenerationOnce() {
    var created = new ArrayList<String>();
    for (int i = 0; i < 45; i++) {
      created.add(generate("user-" + i));
    }

    var listed = new ArrayList<String>();
    String path = "/api/predictions?limit=20";
    while (true) {
      JsonNode page = studio.get(path).json();
      page.get("items").forEach(item -> listed.add(item.get("id").textValue()));
      if (page.get("nextCursor").isNull()) {
        break;
      }
      assertThat(page.get("items")).hasSize(20);
      path = "/api/predictions?limit=20&cursor=" + page.get("nextCursor").textValue();
    }

    assertThat(listed).doesNotHaveDuplicates().hasSameElementsAs(created);
  }

  @Test
  void thePageSizeDefaultsToTwenty() {
    for (int i = 0; i < 21; i++) {
      generate("user-" + i);
    }

    assertThat(studio.get("/api/predictions").json().get("items")).hasSize(20);
    assertThat(studio.get("/api/predictions?limit=1").json().get("items")).hasSize(1);
    JsonNode all = studio.get("/api/predictions?limit=100").json();
    assertThat(all.get("items")).hasSize(21);
    assertThat(all.get("nextCursor").isNull()).isTrue();
  }

  @Test
  void aFullLastPageHasNoCursor() {
    generate("ada");
    generate("ada");

    assertThat(studio.get("/api/predictions?limit=2").json().get("nextCursor").isNull()).isTrue();
  }

  @Test
  void aUserIdSelectsTheGenerationsOfThatUser() {
    String expected = generate("ada");
    generate("grace");

    JsonNode items = studio.get("/api/predictions?userId=ada").json().get("items");

    assertThat(items.findValuesAsText("id")).containsExactly(expected);
  }

  @Test
  void aStatusSelectsMatchingGenerations() {
    String queued = generate("ada");
    GenerationId canceled = GenerationId.parse(generate("ada")).orElseThrow();
    studio.webhook(canceled, new Prediction.Canceled(studio.prediction(canceled)));
    GenerationId succeeded = studio.succeeded(TestServer.png(100));

    assertThat(ids("?status=queued")).containsExactly(queued);
    assertThat(ids("?status=canceled,succeeded"))
        .containsExactlyInAnyOrder(canceled.toString(), succeeded.toString());
    assertThat(ids("?status=canceled&status=succeeded"))
        .containsExactlyInAnyOrder(canceled.toString(), succeeded.toString());
    assertThat(ids("?status=processing,failed")).isEmpty();
  }

  private List<String> ids(String query) {
    return studio.get("/api/predictions" + query).json().get("items").findValuesAsText("id");
  }

  @ParameterizedTest
  @CsvSource({
    "limit=0, limit",
    "limit=101, limit",
    "limit=-1, limit",
    "limit=ten, limit",
    "limit=, limit",
    "limit=1&limit=2, limit",
    "cursor=, cursor",
    "cursor=nonsense, cursor",
    "cursor=_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA, cursor",
    "status=, status",
    "status=Queued, status",
    "status=storing, status",
    "'status=queued,', status",
    "userId=, userId"
  })
  void anInvalidParameterIsNamed(String query, String field) {
    Response response = studio.get("/api/predictions?" + query).isProblem(400, "invalid_request");

    assertThat(response.fields()).containsOnly(field);
  }

  @Test
  void allInvalidParametersAreReportedTogether() {
    Response response =
        studio
            .get("/api/predictions?limit=0&cursor=x&status=done")
            .isProblem(400, "invalid_request");

    assertThat(response.fields()).containsExactlyInAnyOrder("limit", "cursor", "status");
  }

  @ParameterizedTest
  @ValueSource(strings = {"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "f_______________________________"})
  void extremeCursorsAreValid(String cursor) {
    assertThat(studio.get("/api/predictions?cursor=" + cursor).status()).isEqualTo(200);
  }

  @Test
  void aDatabaseOutageIsAnswered503() {
    studio.generations.breakDown(true);

    studio.get("/api/predictions").isProblem(503, "unavailable");
  }

  private String generate(String user) {
    String body = "{\"prompt\":\"a lighthouse\",\"userId\":\"%s\"}".formatted(user);
    return studio.generate(body).json().get("id").textValue();
  }
}
