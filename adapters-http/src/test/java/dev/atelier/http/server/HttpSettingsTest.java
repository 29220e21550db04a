package dev.atelier.http.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atelier.domain.GenerationId;
import dev.atelier.http.TestServer;
import dev.atelier.http.route.Links;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpSettingsTest {
  private static final URI APP_URL = URI.create("http://localhost:8080");
  private static final Duration SECOND = Duration.ofSeconds(1);

  @Test
  void anInvalidSettingIsNamed() {
    assertThatThrownBy(() -> settings(65_536, APP_URL, SECOND, SECOND))
        .hasMessageStartingWith("port ");
    assertThatThrownBy(() -> settings(-1, APP_URL, SECOND, SECOND)).hasMessageStartingWith("port ");
    assertThatThrownBy(() -> settings(0, APP_URL, SECOND, Duration.ZERO))
        .hasMessageStartingWith("shutdownTimeout ");
    assertThatThrownBy(() -> settings(0, APP_URL, Duration.ZERO, SECOND))
        .hasMessageStartingWith("heartbeat ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"localhost:8080", "/atelier", "ftp://x", "http:///x", "http://x?a", "http://x#a"})
  void anAppUrlMustBeAbsoluteWithoutQueryAndFragment(String appUrl) {
    assertThatThrownBy(() -> settings(0, URI.create(appUrl), SECOND, SECOND))
        .hasMessageStartingWith("appUrl ");
  }

  @ParameterizedTest
  @CsvSource({
    "http://localhost:8080, http://localhost:8080",
    "https://x.example/, https://x.example",
    "https://x.example/atelier/, https://x.example/atelier"
  })
  void linksStartWithTheAppUrl(URI appUrl, String base) {
    var id = new GenerationId(new UUID(0, 0));

    assertThat(new Links(appUrl, Optional.empty()).output(id, 2))
        .isEqualTo(base + "/api/predictions/00000000-0000-0000-0000-000000000000/output/2");
  }

  private static HttpSettings settings(
      int port, URI appUrl, Duration heartbeat, Duration shutdownTimeout) {
    return new HttpSettings(
        port,
        appUrl,
        Optional.empty(),
        TestServer.OPEN,
        10,
        1024,
        heartbeat,
        SECOND,
        shutdownTimeout);
  }
}
