package dev.atelier.bootstrap;

import dev.atelier.application.SweepSchedule;
import dev.atelier.application.port.Secret;
import dev.atelier.domain.AllowedModels;
import dev.atelier.domain.Model;
import dev.atelier.http.Access;
import dev.atelier.persistence.postgres.PostgresUrl;
import dev.atelier.skytells.OutputHosts;
import dev.atelier.skytells.SkytellsModels;
import dev.atelier.skytells.SkytellsSettings;
import dev.atelier.skytells.SkytellsSettings.WebhookStyle;
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
 * Everything that can be set, read once from the environment. What is empty is not set, and is
 * embedded.
 *
 * @param port to listen on
 * @param appUrl the public base URL, for webhooks and links, without a slash at its end
 * @param database where PostgreSQL is; empty means an embedded one
 * @param blobs where assets are kept
 * @param skytells how Skytells is reached; empty means the sandbox
 * @param models the allow-list and the default
 * @param promptMaxLength in characters
 * @param activeLimit the most active generations of one user
 * @param storeWithinWebhook how long a webhook's sender is kept waiting while outputs are stored
 * @param sweepSchedule when unfinished generations are looked at and given up
 * @param internalKey what a caller of {@code /internal} and {@code /metrics} must bear
 * @param access who may call
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
    Duration storeWithinWebhook,
    SweepSchedule sweepSchedule,
    Optional<Secret> internalKey,
    Access access) {
  /** Where the embedded defaults keep their data, below the working directory. */
  static final Path HOME = Path.of(".atelier");

  private static final List<String> SKYTELLS_NAMES =
      List.of(
          "SKYTELLS_API_KEY",
          "SKYTELLS_BASE_URL",
          "SKYTELLS_WEBHOOK_SECRET",
          "SKYTELLS_WEBHOOK_KEY",
          "SKYTELLS_WEBHOOK_STYLE",
          "SKYTELLS_OUTPUT_HOSTS");

  /** Of a key that nobody shall guess. */
  private static final int MIN_KEY_LENGTH = 32;

  /** The seeds' models. */
  private static final String STANDARD_MODELS =
      "truefusion-pro,truefusion-edge,truefusion-2.0,truefusion-video-pro";

  private static final String STANDARD_MODEL = "truefusion-pro";

  /**
   * Skytells, and what of it is trusted.
   *
   * @param signingKeys whose signature makes a webhook authentic; any of them
   */
  record Skytells(
      URI baseUrl,
      Secret apiKey,
      List<Secret> signingKeys,
      WebhookStyle webhookStyle,
      OutputHosts outputHosts) {}

  /**
   * Reads the environment.
   *
   * @throws InvalidSettingsException telling everything that is wrong with it
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
            Duration.ofSeconds(environment.number("WEBHOOK_STORE_SECONDS", 20, 0, 300)),
            sweepSchedule(environment),
            environment.value("INTERNAL_KEY", Settings::internalKey),
            AccessSettings.read(environment));
    environment.refuseUnknown("SKYTELLS_", SKYTELLS_NAMES);
    environment.value("LOG_FORMAT", LogFormat::require);
    requireChoicesOnCloudRun(environment);
    List<String> problems = environment.problems();
    if (!problems.isEmpty()) {
      throw new InvalidSettingsException(problems);
    }
    return settings;
  }

  /** These settings, with what was embedded now set. */
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
        storeWithinWebhook,
        sweepSchedule,
        internalKey,
        access);
  }

  private static SweepSchedule sweepSchedule(Environment environment) {
    SweepSchedule standard = SweepSchedule.DEFAULT;
    return new SweepSchedule(
        standard.confirmWithin(),
        minutes(environment, "IMAGE_TIMEOUT_MINUTES", standard.imageWithin()),
        minutes(environment, "VIDEO_TIMEOUT_MINUTES", standard.videoWithin()));
  }

  private static Duration minutes(Environment environment, String name, Duration unset) {
    return Duration.ofMinutes(
        environment.number(name, Math.toIntExact(unset.toMinutes()), 1, 24 * 60));
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
          "must be set beside SKYTELLS_API_KEY (or SKYTELLS_WEBHOOK_KEY=api-key, if Skytells signs"
              + " your webhooks with the API key): without a key no webhook can be believed");
    }
    return Optional.of(new Skytells(base, apiKey.get(), List.copyOf(signingKeys), style, hosts));
  }

  private static AllowedModels models(Environment environment) {
    List<Model> allowed =
        environment
            .value("ALLOWED_MODELS", Settings::slugs)
            .orElseGet(() -> slugs(STANDARD_MODELS));
    Optional<String> named = environment.text("DEFAULT_MODEL");
    String standard = named.orElse(STANDARD_MODEL);
    return allowed.stream()
        .filter(model -> model.slug().equalsIgnoreCase(standard))
        .findFirst()
        .map(model -> new AllowedModels(allowed, model))
        .orElseGet(
            () -> {
              if (named.isPresent()) {
                environment.problem("DEFAULT_MODEL", "must be one of the ALLOWED_MODELS");
              }
              return new AllowedModels(allowed, allowed.getFirst());
            });
  }

  /** On Cloud Run nothing may be embedded by accident: its disk and its memory are gone with it. */
  private static void requireChoicesOnCloudRun(Environment environment) {
    if (environment.text("K_SERVICE").isEmpty()) {
      return;
    }
    Stream.of("APP_URL", "DATABASE_URL", "BLOB_STORE", "SKYTELLS_API_KEY", "AUTH")
        .filter(name -> environment.text(name).isEmpty())
        .forEach(name -> environment.problem(name, "must be set on Cloud Run (K_SERVICE is set)"));
  }

  static URI baseUrl(String text) {
    String rule = "must look like https://host or http://host:port, with a path if need be";
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

  private static List<Model> slugs(String text) {
    List<Model> models = entries(text).map(SkytellsModels::named).toList();
    if (models.isEmpty()) {
      throw new IllegalArgumentException("must name at least one model");
    }
    return models;
  }

  static Stream<String> entries(String commaSeparated) {
    return Stream.of(commaSeparated.split(",")).map(String::strip).filter(s -> !s.isEmpty());
  }
}
