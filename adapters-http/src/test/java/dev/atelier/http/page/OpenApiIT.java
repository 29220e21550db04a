package dev.atelier.http.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.atelier.http.Response;
import dev.atelier.http.TestServer;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class OpenApiIT {
  private static final Pattern LOADED = Pattern.compile("(?:src|href|data-description)=\"(.*?)\"");

  @AutoClose private final TestServer studio = TestServer.start();

  @Test
  void everyRouteIsDescribedAndNoOther() {
    assertThat(described(studio.get("/openapi.json").json()))
        .containsExactlyInAnyOrderElementsOf(
            routes().filter(route -> !route.startsWith("HEAD ")).toList());
  }

  @Test
  void everyGetRouteSupportsHead() {
    assertThat(routes().filter(route -> route.startsWith("HEAD ")).map(route -> route.substring(5)))
        .containsExactlyInAnyOrderElementsOf(
            routes()
                .filter(route -> route.startsWith("GET "))
                .map(route -> route.substring(4))
                .toList());
  }

  @Test
  void everyUndescribedPageExists() {
    assertThat(studio.server.routes())
        .contains(
            OpenApiContract.PAGES.stream()
                .map(OpenApiIT::versioned)
                .map("GET "::concat)
                .toArray(String[]::new));
  }

  @Test
  void theDescriptionContainsTheUrlOfTheInstance() {
    JsonNode description = studio.get("/openapi.json").json();

    assertThat(description.get("openapi").textValue()).startsWith("3.1.");
    assertThat(description.at("/servers/0/url").textValue()).isEqualTo(TestServer.APP_URL);
  }

  @Test
  void aMatchingETagOfTheDescriptionIsAnswered304() {
    Response first = studio.get("/openapi.json");
    String tag = first.header("ETag").orElseThrow();

    assertThat(first.header("Cache-Control")).contains("no-cache");
    assertThat(studio.get("/openapi.json", "If-None-Match", tag).status()).isEqualTo(304);
    assertThat(studio.get("/openapi.json", "If-None-Match", "\"other\"").status()).isEqualTo(200);
  }

  @Test
  void theDocsPageLoadsOnlyOwnResources() {
    Response page = studio.get("/docs");

    assertThat(page.status()).isEqualTo(200);
    assertThat(page.header("X-Content-Type-Options")).contains("nosniff");
    assertThat(page.header("Content-Security-Policy").orElseThrow())
        .startsWith("default-src 'none'; ")
        .doesNotContain("unsafe", "*");
    List<String> loaded =
        LOADED.matcher(page.text()).results().map(found -> found.group(1)).distinct().toList();
    assertThat(loaded).hasSize(4).contains("data:,");
    String base = "/atelier"; // of APP_URL, whose proxy takes it away
    for (String address : loaded) {
      if (!address.equals("data:,")) {
        assertThat(address).startsWith(base + "/");
        assertThat(studio.get(address.substring(base.length())).status()).isEqualTo(200);
      }
    }
  }

  @Test
  void swaggerUiFilesAreImmutable() {
    List<String> viewer =
        studio.server.routes().stream()
            .filter(route -> route.startsWith("GET /docs/"))
            .map(route -> route.substring(4))
            .toList();

    assertThat(viewer).hasSize(2);
    for (String path : viewer) {
      Response file = studio.get(path);
      assertThat(file.header("Cache-Control")).contains("public, max-age=31536000, immutable");
      assertThat(file.header("X-Content-Type-Options")).contains("nosniff");
      assertThat(file.header("Content-Type").orElseThrow())
          .startsWith(path.endsWith(".css") ? "text/css" : "text/javascript");
      assertThat(file.body()).hasSizeGreaterThan(100_000);
    }
  }

  private Stream<String> routes() {
    return studio.server.routes().stream().filter(route -> !isPage(route.replaceFirst(".* ", "")));
  }

  private static boolean isPage(String path) {
    return OpenApiContract.PAGES.stream().map(OpenApiIT::versioned).anyMatch(path::equals);
  }

  private static String versioned(String page) {
    return page.replace("{version}", Matcher.quoteReplacement(DocsRoutes.version()));
  }

  private static List<String> described(JsonNode document) {
    return document
        .get("paths")
        .propertyStream()
        .flatMap(
            path ->
                path.getValue()
                    .propertyStream()
                    .map(Map.Entry::getKey)
                    .map(method -> method.toUpperCase(Locale.ROOT) + " " + path.getKey()))
        .toList();
  }
}
