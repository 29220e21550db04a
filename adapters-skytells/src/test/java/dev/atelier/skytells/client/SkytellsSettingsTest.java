package dev.atelier.skytells.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atelier.application.port.Secret;
import dev.atelier.domain.GenerationId;
import dev.atelier.domain.Generations;
import dev.atelier.skytells.client.SkytellsSettings.WebhookStyle;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SkytellsSettingsTest {
  private static final GenerationId ID = Generations.submitting().id();

  @Test
  void trailingSlashesAreStripped() {
    SkytellsSettings settings = settings("https://api.skytells.ai/v1/", "https://app.example/");

    assertThat(settings.baseUrl()).hasToString("https://api.skytells.ai/v1");
    assertThat(settings.webhookAddress(ID))
        .isEqualTo("https://app.example/api/webhooks/skytells/" + ID);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "api.skytells.ai/v1",
        "ftp://api.skytells.ai",
        "https:///v1",
        "https://user:secret@api.skytells.ai",
        "https://api.skytells.ai?key=1",
        "https://api.skytells.ai#v1",
        "/v1",
      })
  void anInvalidBaseUrlIsRejectedWithoutQuotingIt(String address) {
    assertThatThrownBy(() -> settings(address, "https://app.example"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "the Skytells base URL must look like https://host/path, without user, query or"
                + " fragment");
    assertThatThrownBy(() -> settings("https://api.skytells.ai", address))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("the app URL must look like");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "sk-\n", "sk-ü"})
  void anApiKeyThatIsNotPrintableAsciiIsRejected(String key) {
    assertThatThrownBy(
            () ->
                SkytellsSettings.of(
                    SkytellsSettings.DEFAULT_BASE_URL,
                    new Secret(key),
                    Settings.APP_URL,
                    WebhookStyle.STRING))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the Skytells API key must be printable ASCII");
  }

  @Test
  void toStringHidesTheApiKey() {
    assertThat(settings("https://api.skytells.ai/v1", "https://app.example").toString())
        .doesNotContain("sk-test");
  }

  @ParameterizedTest
  @ValueSource(strings = {"https://edge.skytells.ai", "https://Edge.Skytells.ai/v1"})
  void theEdgeHasNoWebhooks(String edge) {
    assertThat(settings(edge, "https://app.example").webhookStyle()).isEqualTo(WebhookStyle.NONE);
  }

  @Test
  void theGenerationIsReadFromOurWebhookUrlOnly() {
    SkytellsSettings settings = settings("https://api.skytells.ai/v1", "https://app.example/x/");
    String ours = settings.webhookAddress(ID);

    assertThat(settings.generationAt(ours)).contains(ID);
    assertThat(settings.generationAt(ours.replace("app.example", "APP.example:443"))).contains(ID);
    assertThat(settings.generationAt(ours.replace("https", "http"))).isEmpty();
    assertThat(settings.generationAt(ours.replace("app.example", "other.example"))).isEmpty();
    assertThat(settings.generationAt(ours.replace("/x/", "/"))).isEmpty();
    assertThat(settings.generationAt("https://app.example/x/api/webhooks/skytells")).isEmpty();
    assertThat(settings.generationAt("no address")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"0, 5, 5", "5, 5, 5", "6, 5, 5", "1, 5, 0"})
  void delaysMustGrowWithinABudget(int first, int max, int budget) {
    assertThatThrownBy(
            () ->
                new SkytellsSettings.Retries(
                    Duration.ofMillis(first),
                    Duration.ofMillis(max),
                    Duration.ofMillis(budget),
                    Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static SkytellsSettings settings(String baseUrl, String appUrl) {
    return SkytellsSettings.of(
        URI.create(baseUrl), new Secret("sk-test"), URI.create(appUrl), WebhookStyle.STRING);
  }
}
