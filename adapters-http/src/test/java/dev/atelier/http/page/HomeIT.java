package dev.atelier.http.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atelier.http.Response;
import dev.atelier.http.TestServer;
import org.junit.jupiter.api.Test;

class HomeIT {
  @Test
  void theHomePageShowsCallsWithThePublicUrl() {
    try (var studio = TestServer.start()) {
      Response page = studio.get("/");

      assertThat(page.status()).isEqualTo(200);
      assertThat(page.header("Content-Type").orElseThrow())
          .isEqualToIgnoringCase("text/html;charset=utf-8");
      assertThat(page.text())
          .contains("curl")
          .contains(TestServer.APP_URL + "/api/generate")
          .doesNotContain("{{");
    }
  }

  @Test
  void theHomePageLoadsNoResourcesAndRunsNoScripts() {
    try (var studio = TestServer.start()) {
      Response page = studio.get("/");

      assertThat(page.header("Content-Security-Policy").orElseThrow())
          .startsWith("default-src 'none'; style-src 'sha256-")
          .doesNotContain("unsafe");
      assertThat(page.text()).doesNotContain("<script", " src=", "@import", "url(", " style=");
    }
  }
}
