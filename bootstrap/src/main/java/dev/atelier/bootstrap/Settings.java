package dev.atelier.bootstrap;

import dev.atelier.application.port.Secret;
import dev.atelier.application.settle.RetrySchedule;
import dev.atelier.domain.AllowedModels;
import dev.atelier.http.auth.AccessSettings;
import dev.atelier.persistence.postgres.PostgresUrl;
import dev.atelier.skytells.client.SkytellsSettings;
import dev.atelier.skytells.client.SkytellsSettings.WebhookStyle;
import dev.atelier.skytells.model.ModelDocument;
import dev.atelier.skytells.output.OutputHosts;
import dev.atelier.skytells.output.PublicAddresses;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * All settings, read once from the environment.
 *
 * @param appUrl the public base URL, for webhooks and links, without a trailing slash
 * @param database empty means the embedded PostgreSQL
 * @param skytells empty means the sandbox
 * @param promptMaxLength in characters
 * @param activeLimit maximum number of active generations per user
 * @param dailyBudget what a user's generations of one UTC day may cost
 * @param storeWithinWebhook how long a webhook request waits for outputs to be stored
 * @param retrySchedule when unfinished generations are polled and when they fail
 */
record Settings(
    int port,
    URI appUrl,
    Optional<PostgresUrl> database,
    BlobSettings blobs,
    Optional<Skytells> skytells,
    AllowedModels models,
    int promptMaxLength,
    int activeLimit,
    Optional<BigDecimal> dailyBudget,
    UploadSettings uploads,
    Duration storeWithinWebhook,
    RetrySchedule retrySchedule,
    Optional<Secret> internalKey,
    AccessSettings accessSettings) {
  /** Data directory of the embedded defaults, relative to the working directory. */
  static final Path DATA_DIRECTORY = Path.of(".atelier");

  private static final List<String> SKYTELLS_NAMES =
      List.of(
          "SKYTELLS_API_KEY",
          "SKYTELLS_BASE_URL",
          "SKYTELLS_WEBHOOK_SECRET",
          "SKYTELLS_WEBHOOK_KEY",
          "SKYTELLS_WEBHOOK_STYLE",
          "SKYTELLS_OUTPUT_HOSTS");

  private static final int MIN_KEY_LENGTH = 32;

  /** The models of the example projects that Atelier replaces. */
  private static final String DEFAULT_MODELS =
      "truefusion-pro,truefusion-edge,truefusion-2.0,truefusion-video-pro";

  private static final String DEFAULT_MODEL = "truefusion-pro";

  /**
   * Limits of uploads.
   *
   * @param maxBytes of a file
   * @param perDay of a user
   */
  record UploadSettings(int maxBytes, int perDay) {}

  /**
   * A Skytells account.
   *
   * @param signingKeys a webhook is authentic if any of these keys verifies its signature
   */
  record Skytells(
      URI baseUrl,
      Secret apiKey,
      List<Secret> signingKeys,
      WebhookStyle webhookStyle,
      OutputHosts outputHosts) {}

  /**
   * @throws InvalidSettingsException if any setting is invalid; lists all problems
   */
  static Settings read(Map<String, String> variables) {
    var environment = new Environment(variables);
    int port = environment.number("PORT", 8080, 1, 65_535);
    var settings =
        new Settings(
            port,
            environment
                .value("APP_URL", Settings::baseUrl)
                .orElseGet(() -> URI.create("http://localhost:" + port)),
            environment.value("DATABASE_URL", PostgresUrl::parse),
            BlobSettings.read(environment),
            skytells(environment),
            models(environment),
            environment.number("PROMPT_MAX_LENGTH", 1000, 3, 100_000),
            environment.number("ACTIVE_LIMIT", 10, 1, 10_000),
            environment.value("DAILY_BUDGET", Settings::budget),
            new UploadSettings(
                environment.number("UPLOAD_MAX_BYTES", 32 * 1024 * 1024, 1, 512 * 1024 * 1024),
                environment.number("UPLOADS_PER_DAY", 100, 0, 1_000_000)),
            Duration.ofSeconds(environment.number("WEBHOOK_STORE_SECONDS", 20, 0, 300)),
            retrySchedule(environment),
            environment.value("INTERNAL_KEY", Settings::internalKey),
            AccessSettingsReader.read(environment));
    environment.rejectUnknown("SKYTELLS_", SKYTELLS_NAMES);
    environment.value("LOG_FORMAT", LogFormat::require);
    requireCloudRunSettings(environment);
    List<String> problems = environment.problems();
    if (!problems.isEmpty()) {
      throw new InvalidSettingsException(problems);
    }
    return settings;
  }

  /** Returns a copy that refers to the started embedded services. */
  Settings complete(PostgresUrl databaseUrl, Skytells account) {
    return new Settings(
        port,
        appUrl,
        Optional.of(databaseUrl),
        blobs,
        Optional.of(account),
        models,
        promptMaxLength,
        activeLimit,
        dailyBudget,
        uploads,
        storeWithinWebhook,
        retrySchedule,
        internalKey,
        accessSettings);
  }

  /** Whether Skytells, or the sandbox on this machine, can fetch files from this service. */
  boolean isReachable() {
    boolean local =
        skytells
            .filter(account -> !PublicAddresses.isPublic(account.baseUrl().getHost()))
            .isPresent();
    return local || PublicAddresses.isPublic(appUrl.getHost());
  }

  private static RetrySchedule retrySchedule(Environment environment) {
    RetrySchedule defaults = RetrySchedule.DEFAULT;
    return new RetrySchedule(
        defaults.confirmWithin(),
        minutes(environment, "IMAGE_TIMEOUT_MINUTES", defaults.imageWithin()),
        minutes(environment, "VIDEO_TIMEOUT_MINUTES", defaults.videoWithin()),
        minutes(environment, "AUDIO_TIMEOUT_MINUTES", defaults.audioWithin()));
  }

  private static Duration minutes(Environment environment, String name, Duration defaultValue) {
    return Duration.ofMinutes(
        environment.number(name, Math.toIntExact(defaultValue.toMinutes()), 1, 24 * 60));
  }

  private static Optional<Skytells> skytells(Environment environment) {
    URI base =
        environment
            .value("SKYTELLS_BASE_URL", Settings::baseUrl)
            .orElse(SkytellsSettings.DEFAULT_BASE_URL);
    WebhookStyle style =
        environment
            .value("SKYTELLS_WEBHOOK_STYLE", Settings::webhookStyle)
            .orElse(WebhookStyle.STRING);
    OutputHosts hosts =
        environment.value("SKYTELLS_OUTPUT_HOSTS", OutputHosts::parse).orElse(OutputHosts.DEFAULT);
    List<Secret> signingKeys = new ArrayList<>();
    environment
        .text("SKYTELLS_WEBHOOK_SECRET")
        .ifPresent(secrets -> entries(secrets).map(Secret::new).forEach(signingKeys::add));
    boolean apiKeySigns =
        environment.value("SKYTELLS_WEBHOOK_KEY", Settings::apiKeySigns).isPresent();
    Optional<Secret> apiKey = environment.text("SKYTELLS_API_KEY").map(Secret::new);
    if (apiKey.isEmpty()) {
      return Optional.empty();
    }
    if (apiKeySigns) {
      signingKeys.add(apiKey.get());
    }
    if (signingKeys.isEmpty()) {
      environment.problem(
          "SKYTELLS_WEBHOOK_SECRET",
          "must be set with SKYTELLS_API_KEY (or SKYTELLS_WEBHOOK_KEY=api-key, if Skytells signs"
              + " your webhooks with the API key): without a key no webhook can be verified");
    }
    return Optional.of(new Skytells(base, apiKey.get(), List.copyOf(signingKeys), style, hosts));
  }

  /** A real account costs money, so by default it offers a few models; the sandbox offers all. */
  private static AllowedModels models(Environment environment) {
    boolean sandbox = environment.text("SKYTELLS_API_KEY").isEmpty();
    List<String> patterns =
        environment
            .value("ALLOWED_MODELS", Settings::patterns)
            .orElseGet(() -> sandbox ? List.of("*") : patterns(DEFAULT_MODELS));
    Optional<String> configured =
        environment.text("DEFAULT_MODEL").map(ModelDocument::withoutVendor);
    Optional<String> defaultModel =
        Stream.concat(
                configured.or(() -> Optional.of(DEFAULT_MODEL)).stream(),
                patterns.stream().filter(pattern -> !AllowedModels.isWildcard(pattern)))
            .filter(slug -> patterns.stream().anyMatch(p -> AllowedModels.matches(p, slug)))
            .findFirst();
    if (configured.isPresent() && !defaultModel.equals(configured)) {
      environment.problem("DEFAULT_MODEL", "must be one of the ALLOWED_MODELS");
    } else if (defaultModel.isEmpty()) {
      environment.problem("DEFAULT_MODEL", "must be set, because ALLOWED_MODELS has only patterns");
    }
    return defaultModel
        .map(slug -> new AllowedModels(patterns, slug))
        .orElseGet(() -> new AllowedModels(List.of("*"), DEFAULT_MODEL));
  }

  /** Cloud Run instances lose their disk, so the embedded defaults would lose data. */
  private static void requireCloudRunSettings(Environment environment) {
    if (environment.text("K_SERVICE").isEmpty()) {
      return;
    }
    Stream.of("APP_URL", "DATABASE_URL", "BLOB_STORE", "SKYTELLS_API_KEY", "AUTH")
        .filter(name -> environment.text(name).isEmpty())
        .forEach(name -> environment.problem(name, "must be set on Cloud Run (K_SERVICE is set)"));
  }

  static URI baseUrl(String text) {
    String rule = "must look like https://host or http://host:port, optionally with a path";
    URI url;
    try {
      url = URI.create(text.replaceFirst("/+$", ""));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(rule, e);
    }
    boolean http = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
    if (!http
        || url.getHost() == null
        || url.getRawUserInfo() != null
        || url.getRawQuery() != null
        || url.getRawFragment() != null) {
      throw new IllegalArgumentException(rule);
    }
    return url;
  }

  private static BigDecimal budget(String text) {
    if (!text.matches("[0-9]{1,9}(\\.[0-9]{1,6})?")) {
      throw new IllegalArgumentException("must be an amount such as 5 or 2.50");
    }
    return new BigDecimal(text);
  }

  private static Secret internalKey(String text) {
    if (text.length() < MIN_KEY_LENGTH) {
      throw new IllegalArgumentException(
          "must have at least " + MIN_KEY_LENGTH + " random characters");
    }
    return new Secret(text);
  }

  private static WebhookStyle webhookStyle(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "string" -> WebhookStyle.STRING;
      case "object" -> WebhookStyle.OBJECT;
      case "none" -> WebhookStyle.NONE;
      default -> throw new IllegalArgumentException("must be string, object or none");
    };
  }

  private static boolean apiKeySigns(String text) {
    if (!text.equals("api-key")) {
      throw new IllegalArgumentException("must be api-key, or unset");
    }
    return true;
  }

  private static List<String> patterns(String text) {
    List<String> patterns = entries(text).map(ModelDocument::withoutVendor).toList();
    return new AllowedModels(patterns, patterns.isEmpty() ? "" : patterns.getFirst()).patterns();
  }

  static Stream<String> entries(String commaSeparated) {
    return Stream.of(commaSeparated.split(",")).map(String::strip).filter(s -> !s.isEmpty());
  }
}
