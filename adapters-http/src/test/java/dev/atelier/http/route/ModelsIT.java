package dev.atelier.http.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atelier.http.Response;
import dev.atelier.http.TestServer;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class ModelsIT {
  @AutoClose private final TestServer studio = TestServer.start();

  @Test
  void everyAllowedModelIsListedWithItsTypeAndPrice() {
    Response response = studio.get("/api/models");

    assertThat(response.status()).isEqualTo(200);
    assertThat(response.header("Content-Type")).contains("application/json");
    assertThat(response.text())
        .isEqualTo(
            """
            {"items":[\
            {"model":"truefusion-pro","type":"image","default":true,"name":"TrueFusion Pro",\
            "description":"Pictures.","operational":true,\
            "price":{"amount":0.03,"currency":"USD","unit":"image"},\
            "parameters":{"type":"object","properties":{"prompt":{"type":"string"}}}},\
            {"model":"truefusion-video-pro","type":"video","default":false,\
            "name":"truefusion-video-pro","description":"","operational":true,"price":null,\
            "parameters":null}]}\
            """);
  }

  @Test
  void aModelIsFoundByItsSlugInAnyCase() {
    Response response = studio.get("/api/models/TrueFusion-Pro");

    assertThat(response.status()).isEqualTo(200);
    assertThat(response.json()).isEqualTo(studio.get("/api/models").json().at("/items/0"));
    assertThat(
            studio
                .get(
                    "/api/models/truefusion-pro",
                    "If-None-Match",
                    response.header("ETag").orElseThrow())
                .status())
        .isEqualTo(304);
    for (String unknown : List.of("dall-e-3", "fusion-text", "unfusion-9", "a%20b")) {
      assertThat(studio.get("/api/models/" + unknown).status()).as(unknown).isEqualTo(404);
    }
  }

  @Test
  void aMatchingETagIsAnswered304() {
    Response first = studio.get("/api/models");
    String tag = first.header("ETag").orElseThrow();

    assertThat(first.header("Cache-Control")).contains("private, max-age=60");
    assertThat(studio.get("/api/models", "If-None-Match", tag).status()).isEqualTo(304);
    assertThat(studio.get("/api/models", "If-None-Match", "W/\"other\"").status()).isEqualTo(200);
  }
}
