package dev.atelier.http.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.atelier.http.problem.ProblemCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The tables of docs/api.md match the code and openapi.json. */
class ApiDocsTest {
  private static final JsonNode DOCUMENT = OpenApiContract.builtIn();
  private static final JsonNode FIELDS =
      DOCUMENT.at("/components/schemas/GenerationRequest/properties");

  private static String page = "";

  @BeforeAll
  static void read() throws IOException {
    page = Files.readString(Path.of("..", "docs", "api.md"));
  }

  @Test
  void theErrorTableListsEveryProblemCode() {
    assertThat(table("| code |").map(row -> row.subList(0, 3)).map(row -> String.join(" ", row)))
        .containsExactly(
            Stream.of(ProblemCode.values())
                .map(
                    code ->
                        "`%s` %d %s"
                            .formatted(
                                code.value(), code.status(), code.retryable() ? "yes" : "no"))
                .toArray(String[]::new));
  }

  @Test
  void theFieldTableMatchesOpenApi() {
    assertThat(table("| field |").map(row -> String.join("; ", row)))
        .containsExactly(FIELDS.propertyStream().map(ApiDocsTest::row).toArray(String[]::new));
  }

  @Test
  void everyFrontEndRouteHasAnExampleCall() {
    String calls =
        page.replaceAll("\\$id|\\$cursor", "{id}")
            .replace("output/0", "output/{n}")
            .replace("models/flux-2-flex", "models/{model}");

    assertThat(DOCUMENT.get("paths").propertyStream().map(Map.Entry::getKey))
        .filteredOn(path -> !path.matches("/api/webhooks.*|/internal/.*|/metrics|/api/generate/.*"))
        .hasSizeGreaterThan(8)
        .allSatisfy(
            path -> assertThat(calls).containsPattern("localhost:8080\\Q" + path + "\\E[\"?\\s]"));
  }

  private static String row(Map.Entry<String, JsonNode> field) {
    String name = field.getKey();
    JsonNode schema =
        name.equals("userId") ? DOCUMENT.at("/components/schemas/UserId") : field.getValue();
    String description = field.getValue().get("description").textValue();
    return String.join(
        "; ",
        "`" + name + "`",
        schema.get("type").textValue(),
        bounds(schema),
        switch (name) {
          case "prompt", "input" -> "none";
          case "seed" -> "the provider's own";
          case "userId" -> "`anonymous`";
          default -> "`" + schema.get("default").asText() + "`";
        },
        description.contains("Sent ") ? description.replaceFirst(".* Sent (.*)\\.", "$1") : "no");
  }

  private static String bounds(JsonNode schema) {
    if (schema.has("examples") || schema.has("enum")) {
      return "one of `GET /api/models`";
    }
    if (schema.path("type").asText().equals("object")) {
      return "`parameters` of `GET /api/models/{model}`";
    }
    if (schema.has("minimum")) {
      return schema.get("minimum") + " to " + schema.get("maximum");
    }
    return (schema.has("minLength") ? schema.get("minLength") + " to " : "at most ")
        + schema.get("maxLength")
        + " characters";
  }

  /** Returns the cells of each row of the table with that header. */
  private static Stream<List<String>> table(String header) {
    return page.lines()
        .dropWhile(line -> !line.startsWith(header))
        .skip(2)
        .takeWhile(line -> line.startsWith("|"))
        .map(line -> Arrays.stream(line.substring(1).split("\\|")).map(String::strip).toList());
  }
}
