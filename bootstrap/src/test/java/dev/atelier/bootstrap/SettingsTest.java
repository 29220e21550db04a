package dev.atelier.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.atelier.application.port.Secret;
import dev.atelier.application.settle.RetrySchedule;
import dev.atelier.domain.AllowedModels;
import dev.atelier.http.auth.ApiKey;
import dev.atelier.http.auth.AuthMode;
import dev.atelier.http.auth.LinkSigning;
import dev.atelier.persistence.blob.gcs.GcsSettings;
import dev.atelier.skytells.client.SkytellsSettings.WebhookStyle;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {
  private static final String DIGEST =
      "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

  @Test
  void everySettingHasADefault() {
    Settings settings = Settings.read(Map.of());

    assertThat(settings.port()).isEqualTo(8080);
    assertThat(settings.appUrl()).isEqualTo(URI.create("http://localhost:8080"));
    assertThat(settings.database()).isEmpty();
    assertThat(settings.blobs()).isEqualTo(new BlobSettings.Files(Path.of(".atelier/blobs")));
    assertThat(settings.skytells()).isEmpty();
    assertThat(settings.models()).isEqualTo(new AllowedModels(List.of("*"), "truefusion-pro"));
    assertThat(settings.promptMaxLength()).isEqualTo(1000);
    assertThat(settings.activeLimit()).isEqualTo(10);
    assertThat(settings.storeWithinWebhook()).isEqualTo(Duration.ofSeconds(20));
    assertThat(settings.retrySchedule()).isEqualTo(RetrySchedule.DEFAULT);
  }

  @Test
  void everySettingIsRead() {
    Settings settings =
        Settings.read(
            Map.ofEntries(
                Map.entry("PORT", "9000"),
                Map.entry("APP_URL", "https://studio.example.test/"),
                Map.entry("DATABASE_URL", "postgresql://ada:pa%20ss@db.example.test/atelier"),
                Map.entry("BLOB_STORE", "file:/var/lib/atelier"),
                Map.entry("SKYTELLS_API_KEY", "sk-test-key"),
                Map.entry("SKYTELLS_BASE_URL", "https://skytells.example.test/v1/"),
                Map.entry("SKYTELLS_WEBHOOK_SECRET", "new, old"),
                Map.entry("SKYTELLS_WEBHOOK_KEY", "api-key"),
                Map.entry("SKYTELLS_WEBHOOK_STYLE", "object"),
                Map.entry("SKYTELLS_OUTPUT_HOSTS", ".example.test,http://127.0.0.1:9100"),
                Map.entry("ALLOWED_MODELS", "flux-pro, sora-2"),
                Map.entry("DEFAULT_MODEL", "FLUX-pro"),
                Map.entry("PROMPT_MAX_LENGTH", "500"),
                Map.entry("ACTIVE_LIMIT", "3"),
                Map.entry("DAILY_BUDGET", "2.50"),
                Map.entry("UPLOAD_MAX_BYTES", "1000000"),
                Map.entry("UPLOADS_PER_DAY", "0"),
                Map.entry("WEBHOOK_STORE_SECONDS", "0"),
                Map.entry("IMAGE_TIMEOUT_MINUTES", "5"),
                Map.entry("VIDEO_TIMEOUT_MINUTES", "60"),
                Map.entry("AUDIO_TIMEOUT_MINUTES", "25"),
                Map.entry("INTERNAL_KEY", DIGEST),
                Map.entry("AUTH", "none")));

    assertThat(settings.port()).isEqualTo(9000);
    assertThat(settings.appUrl()).isEqualTo(URI.create("https://studio.example.test"));
    assertThat(settings.database()).isPresent();
    assertThat(settings.blobs()).isEqualTo(new BlobSettings.Files(Path.of("/var/lib/atelier")));
    Settings.Skytells skytells = settings.skytells().orElseThrow();
    assertThat(skytells.baseUrl()).isEqualTo(URI.create("https://skytells.example.test/v1"));
    assertThat(skytells.signingKeys())
        .containsExactly(new Secret("new"), new Secret("old"), new Secret("sk-test-key"));
    assertThat(skytells.webhookStyle()).isEqualTo(WebhookStyle.OBJECT);
    assertThat(settings.models())
        .isEqualTo(new AllowedModels(List.of("flux-pro", "sora-2"), "FLUX-pro"));
    assertThat(settings.promptMaxLength()).isEqualTo(500);
    assertThat(settings.dailyBudget()).contains(new BigDecimal("2.50"));
    assertThat(settings.uploads()).isEqualTo(new Settings.UploadSettings(1_000_000, 0));
    assertThat(settings.activeLimit()).isEqualTo(3);
    assertThat(settings.storeWithinWebhook()).isZero();
    assertThat(settings.retrySchedule().imageWithin()).isEqualTo(Duration.ofMinutes(5));
    assertThat(settings.retrySchedule().videoWithin()).isEqualTo(Duration.ofHours(1));
    assertThat(settings.internalKey()).contains(new Secret(DIGEST));
  }

  @Test
  void apiKeysAreRead() {
    Settings settings =
        Settings.read(
            Map.of(
                "AUTH",
                "api-key",
                "API_KEYS",
                "web:" + DIGEST + ", admin:" + DIGEST,
                "LINK_KEY",
                DIGEST));

    assertThat(settings.accessSettings().authMode())
        .isEqualTo(
            new AuthMode.ApiKeys(List.of(new ApiKey("web", DIGEST), new ApiKey("admin", DIGEST))));
  }

  @Test
  void jwtSettingsAreRead() {
    Settings settings =
        Settings.read(
            Map.of(
                "AUTH", "jwt",
                "JWT_ISSUER", "https://login.example.test/",
                "JWT_AUDIENCE", "studio, mobile",
                "JWT_JWKS_URL", "https://keys.example.test/keys.json",
                "LINK_KEY", DIGEST + ", " + "old".repeat(11),
                "LINK_LIFETIME", "600"));

    assertThat(settings.accessSettings().authMode())
        .isEqualTo(
            new AuthMode.Jwt(
                URI.create("https://login.example.test/"),
                Set.of("studio", "mobile"),
                Optional.of(URI.create("https://keys.example.test/keys.json"))));
    assertThat(settings.accessSettings().requestsPerMinute()).hasValue(600);
    assertThat(settings.accessSettings().links())
        .contains(
            new LinkSigning(
                List.of(new Secret(DIGEST), new Secret("old".repeat(11))), Duration.ofMinutes(10)));
    assertThat(settings.toString()).doesNotContain(DIGEST);
  }

  @ParameterizedTest
  @CsvSource({
    "api-key, API_KEYS must be set;LINK_KEY must be set",
    "jwt, JWT_AUDIENCE must be set;JWT_ISSUER must be set;LINK_KEY must be set",
    "basic, 'AUTH must be none, api-key or jwt'"
  })
  void settingsRequiredByAuthAreNamed(String auth, String expected) {
    assertThat(problems(Map.of("AUTH", auth)))
        .extracting(problem -> problem.replace(" with AUTH=" + auth, ""))
        .containsExactly(expected.split(";"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "web",
        "web:s3cret",
        ":" + DIGEST,
        "we b:" + DIGEST,
        "web:" + DIGEST + "," + "web:" + DIGEST,
        ","
      })
  void apiKeysMustBeNamedDigests(String keys) {
    assertThat(problems(Map.of("AUTH", "api-key", "API_KEYS", keys, "LINK_KEY", DIGEST)))
        .singleElement()
        .asString()
        .startsWith("API_KEYS must ")
        .doesNotContain("s3cret");
  }

  @ParameterizedTest
  @ValueSource(strings = {"s3cret", DIGEST + ",s3cret", ","})
  void aShortLinkKeyIsRejected(String key) {
    assertThat(problems(Map.of("AUTH", "api-key", "API_KEYS", "web:" + DIGEST, "LINK_KEY", key)))
        .containsExactly("LINK_KEY must have at least 32 random characters");
  }

  @Test
  void aShortInternalKeyIsRejected() {
    assertThat(problems(Map.of("INTERNAL_KEY", DIGEST.substring(0, 31))))
        .containsExactly("INTERNAL_KEY must have at least 32 random characters");
  }

  @Test
  void linksAreNotSignedIfAuthIsNone() {
    assertThat(Settings.read(Map.of("LINK_KEY", DIGEST)).accessSettings().links()).isEmpty();
  }

  @Test
  void theRateLimitIsOffByDefaultAndCanBeSet() {
    assertThat(Settings.read(Map.of()).accessSettings().requestsPerMinute()).isEmpty();
    assertThat(Settings.read(Map.of("RATE_LIMIT", "60")).accessSettings().requestsPerMinute())
        .hasValue(60);
    assertThat(problems(Map.of("RATE_LIMIT", "-1")))
        .containsExactly("RATE_LIMIT must be a whole number from 0 to 1000000");
  }

  @Test
  void corsOriginsAreRead() {
    assertThat(Settings.read(Map.of()).accessSettings().corsOrigins()).isEmpty();
    assertThat(
            Settings.read(Map.of("CORS_ORIGINS", "https://app.example, http://localhost:3000"))
                .accessSettings()
                .corsOrigins())
        .containsExactlyInAnyOrder("https://app.example", "http://localhost:3000");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"app.example", "https://app.example/", "https://*.example", "null", "ftp://x"})
  void anInvalidCorsOriginIsRejected(String origins) {
    assertThat(problems(Map.of("CORS_ORIGINS", origins)))
        .singleElement()
        .asString()
        .startsWith("CORS_ORIGINS must be *");
  }

  @Test
  void credentialsThatAuthDoesNotUseAreRejected() {
    assertThat(problems(Map.of("API_KEYS", "web:" + DIGEST, "JWT_ISSUER", "https://x.test")))
        .containsExactly(
            "API_KEYS is only used with AUTH=api-key", "JWT_ISSUER is only used with AUTH=jwt");
  }

  @Test
  void bucketSettingsAreRead() {
    assertThat(Settings.read(Map.of("BLOB_STORE", "gs://pictures/v1")).blobs())
        .isEqualTo(new BlobSettings.Bucket(GcsSettings.parse("gs://pictures/v1")));
    assertThat(
            Settings.read(
                    Map.of(
                        "BLOB_STORE", "gs://pictures",
                        "BLOB_PUBLIC_URL", "https://cdn.example.test/",
                        "BLOB_URL_LIFETIME", "120",
                        "STORAGE_EMULATOR_HOST", "localhost:9023"))
                .blobs())
        .isEqualTo(
            new BlobSettings.Bucket(
                GcsSettings.parse("gs://pictures")
                    .withPublicUrl(URI.create("https://cdn.example.test"))
                    .withUrlLife(Duration.ofMinutes(2))
                    .at(URI.create("http://localhost:9023"))));
  }

  @Test
  void invalidBucketSettingsAreRejected() {
    assertThat(
            problems(
                Map.of(
                    "BLOB_STORE", "gs://Pictures",
                    "BLOB_URL_LIFETIME", "604801",
                    "STORAGE_EMULATOR_HOST", "ftp://x")))
        .containsExactly(
            "BLOB_STORE must look like gs://bucket or gs://bucket/prefix",
            "BLOB_URL_LIFETIME must be a whole number from 60 to 604800",
            "STORAGE_EMULATOR_HOST must look like https://host or http://host:port, optionally with"
                + " a path");
    assertThat(problems(Map.of("BLOB_PUBLIC_URL", "https://cdn.example.test")))
        .containsExactly("BLOB_PUBLIC_URL is only used with BLOB_STORE=gs://…");
  }

  @Test
  void theDefaultAppUrlHasThePort() {
    assertThat(Settings.read(Map.of("PORT", "9000")).appUrl())
        .isEqualTo(URI.create("http://localhost:9000"));
  }

  @Test
  void aBlankVariableIsUnset() {
    assertThat(Settings.read(Map.of("DATABASE_URL", " ", "PORT", "")).port()).isEqualTo(8080);
  }

  @Test
  void allProblemsAreReportedTogetherWithoutValues() {
    List<String> problems =
        problems(
            Map.ofEntries(
                Map.entry("PORT", "s3cret"),
                Map.entry("APP_URL", "s3cret"),
                Map.entry("DATABASE_URL", "mysql://s3cret:s3cret@host/db"),
                Map.entry("BLOB_STORE", "s3cret"),
                Map.entry("SKYTELLS_API_KEY", "s3cret"),
                Map.entry("SKYTELLS_BASE_URL", "ftp://s3cret"),
                Map.entry("SKYTELLS_WEBHOOK_STYLE", "s3cret"),
                Map.entry("SKYTELLS_WEBHOOK_KEY", "s3cret"),
                Map.entry("SKYTELLS_OUTPUT_HOSTS", "s3cret:s3cret@"),
                Map.entry("SKYTELLS_WEBHOOK_SECRETS", "s3cret"),
                Map.entry("ALLOWED_MODELS", "s3cret?"),
                Map.entry("PROMPT_MAX_LENGTH", "2"),
                Map.entry("ACTIVE_LIMIT", "0"),
                Map.entry("DAILY_BUDGET", "-1"),
                Map.entry("UPLOAD_MAX_BYTES", "0"),
                Map.entry("UPLOADS_PER_DAY", "many"),
                Map.entry("WEBHOOK_STORE_SECONDS", "-1"),
                Map.entry("IMAGE_TIMEOUT_MINUTES", "0"),
                Map.entry("VIDEO_TIMEOUT_MINUTES", "s3cret"),
                Map.entry("AUDIO_TIMEOUT_MINUTES", "1441"),
                Map.entry("INTERNAL_KEY", "s3cret"),
                Map.entry("AUTH", "s3cret")));

    assertThat(problems)
        .extracting(problem -> problem.substring(0, problem.indexOf(' ')))
        .containsExactlyInAnyOrder(
            "PORT",
            "APP_URL",
            "DATABASE_URL",
            "BLOB_STORE",
            "SKYTELLS_BASE_URL",
            "SKYTELLS_WEBHOOK_STYLE",
            "SKYTELLS_WEBHOOK_KEY",
            "SKYTELLS_WEBHOOK_SECRET",
            "SKYTELLS_OUTPUT_HOSTS",
            "SKYTELLS_WEBHOOK_SECRETS",
            "ALLOWED_MODELS",
            "PROMPT_MAX_LENGTH",
            "ACTIVE_LIMIT",
            "DAILY_BUDGET",
            "UPLOAD_MAX_BYTES",
            "UPLOADS_PER_DAY",
            "WEBHOOK_STORE_SECONDS",
            "IMAGE_TIMEOUT_MINUTES",
            "VIDEO_TIMEOUT_MINUTES",
            "AUDIO_TIMEOUT_MINUTES",
            "INTERNAL_KEY",
            "AUTH");
    assertThat(problems).noneMatch(problem -> problem.contains("s3cret"));
  }

  @Test
  void anApiKeyWithoutAWebhookSecretIsRejected() {
    assertThat(problems(Map.of("SKYTELLS_API_KEY", "sk-test-key")))
        .singleElement()
        .asString()
        .startsWith("SKYTELLS_WEBHOOK_SECRET must be set");
  }

  @Test
  void theApiKeyVerifiesWebhooksOnlyIfConfigured() {
    Settings settings =
        Settings.read(
            Map.of("SKYTELLS_API_KEY", "sk-test-key", "SKYTELLS_WEBHOOK_SECRET", "whsec"));

    assertThat(settings.skytells().orElseThrow().signingKeys())
        .containsExactly(new Secret("whsec"));
  }

  @Test
  void aDefaultModelMustBeAllowed() {
    assertThat(problems(Map.of("ALLOWED_MODELS", "flux-*", "DEFAULT_MODEL", "truefusion")))
        .containsExactly("DEFAULT_MODEL must be one of the ALLOWED_MODELS");
    assertThat(problems(Map.of("ALLOWED_MODELS", "flux-*")))
        .containsExactly("DEFAULT_MODEL must be set, because ALLOWED_MODELS has only patterns");
  }

  @Test
  void theFirstAllowedModelIsTheDefault() {
    assertThat(
            Settings.read(Map.of("ALLOWED_MODELS", "v*,skytells/flux-pro,lumo"))
                .models()
                .defaultModel())
        .isEqualTo("flux-pro");
    assertThat(Settings.read(Map.of("ALLOWED_MODELS", "flux-pro,*")).models().defaultModel())
        .isEqualTo("truefusion-pro");
  }

  @Test
  void allModelsAreAllowedInTheSandboxAndTheSeedsModelsInAnAccount() {
    assertThat(Settings.read(Map.of()).models().patterns()).containsExactly("*");
    assertThat(
            Settings.read(
                    Map.of("SKYTELLS_API_KEY", "sk-test-key", "SKYTELLS_WEBHOOK_SECRET", "whsec"))
                .models()
                .patterns())
        .containsExactly(
            "truefusion-pro", "truefusion-edge", "truefusion-2.0", "truefusion-video-pro");
  }

  @ParameterizedTest
  @CsvSource({
    "http://localhost:8080, https://api.skytells.ai/v1, false",
    "http://10.0.0.7, https://api.skytells.ai/v1, false",
    "https://studio.example.com, https://api.skytells.ai/v1, true",
    "http://localhost:8080, http://127.0.0.1:9100/v1, true"
  })
  void skytellsReachesAPublicAddressAndALocalServerEveryAddress(
      String appUrl, String baseUrl, boolean reachable) {
    assertThat(
            Settings.read(
                    Map.of(
                        "APP_URL",
                        appUrl,
                        "SKYTELLS_BASE_URL",
                        baseUrl,
                        "SKYTELLS_API_KEY",
                        "sk-test-key",
                        "SKYTELLS_WEBHOOK_SECRET",
                        "whsec"))
                .isReachable())
        .isEqualTo(reachable);
  }

  @ParameterizedTest
  @CsvSource({"APP_URL", "DATABASE_URL", "BLOB_STORE", "SKYTELLS_API_KEY", "AUTH"})
  void cloudRunRequiresExplicitSettings(String name) {
    var variables =
        new HashMap<>(
            Map.of(
                "K_SERVICE", "atelier",
                "APP_URL", "https://studio.example.test",
                "DATABASE_URL", "postgresql://db.example.test/atelier",
                "BLOB_STORE", "file:/mnt/blobs",
                "SKYTELLS_API_KEY", "sk-test-key",
                "SKYTELLS_WEBHOOK_SECRET", "whsec",
                "AUTH", "none"));
    assertThat(Settings.read(variables).skytells()).isPresent();

    variables.remove(name);

    assertThat(problems(variables))
        .containsExactly(name + " must be set on Cloud Run (K_SERVICE is set)");
  }

  @Test
  void settingsNeverPrintASecret() {
    Settings settings =
        Settings.read(
            Map.of(
                "SKYTELLS_API_KEY", "sk-s3cret",
                "SKYTELLS_WEBHOOK_SECRET", "whsec-s3cret",
                "DATABASE_URL", "postgresql://ada:s3cret@host/db"));

    assertThat(settings.toString()).doesNotContain("s3cret").contains("[REDACTED]");
  }

  private static List<String> problems(Map<String, String> variables) {
    assertThatThrownBy(() -> Settings.read(variables)).isInstanceOf(InvalidSettingsException.class);
    return catchThrowableOfType(InvalidSettingsException.class, () -> Settings.read(variables))
        .problems();
  }
}
