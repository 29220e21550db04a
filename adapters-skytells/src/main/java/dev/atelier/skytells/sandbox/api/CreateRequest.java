package dev.atelier.skytells.sandbox.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atelier.skytells.sandbox.catalog.Medium;
import dev.atelier.skytells.sandbox.catalog.Model;
import dev.atelier.skytells.sandbox.catalog.Models;
import dev.atelier.skytells.sandbox.catalog.Parameters;
import dev.atelier.skytells.sandbox.fault.SandboxFaults;
import dev.atelier.skytells.sandbox.http.FullResponse;
import dev.atelier.skytells.sandbox.http.RefusedException;
import dev.atelier.skytells.sandbox.sound.Melody;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * A parsed create request.
 *
 * @param prompt without fault tags
 */
record CreateRequest(
    Model model,
    Medium medium,
    Parameters parameters,
    String prompt,
    Optional<WebhookSubscription> subscription,
    boolean await) {

  private static final String FORBIDDEN_WORD = "nsfw";

  /** The paths of outputs have one digit. */
  private static final int MAX_OUTPUTS = 10;

  private static final int MAX_VIDEO_SECONDS = 30;

  /**
   * The requested webhooks.
   *
   * @param events empty means every end
   * @param isFilter from {@code webhook_events_filter}
   */
  record WebhookSubscription(URI url, List<String> events, boolean isFilter) {
    private static final Set<String> STARTED = Set.of("start", "started", "prediction.started");
    private static final Set<String> COMPLETED = Set.of("completed", "prediction.succeeded");
    private static final Set<String> FAILED = Set.of("failed", "prediction.failed");
    private static final Set<String> CANCELED = Set.of("canceled", "prediction.cancelled");

    /** In a filter {@code completed} means any end, otherwise success. */
    boolean includes(Job.Phase phase) {
      boolean everyEnd = events.isEmpty() || (isFilter && events.contains("completed"));
      return switch (phase) {
        case QUEUED -> false;
        case PROCESSING -> names(STARTED);
        case SUCCEEDED -> everyEnd || names(COMPLETED);
        case FAILED -> everyEnd || names(FAILED);
        case CANCELED -> everyEnd || names(CANCELED);
      };
    }

    private boolean names(Set<String> synonyms) {
      return events.stream().anyMatch(synonyms::contains);
    }
  }

  static CreateRequest read(JsonNode body, Models models) throws RefusedException {
    if (!body.isObject()) {
      throw new RefusedException(
          FullResponse.error(400, "INVALID_REQUEST", "The body is not JSON."));
    }
    if (!body.path("model").isTextual()) {
      throw RefusedException.invalid("The model field is required.");
    }
    if (!(body.get("input") instanceof ObjectNode input)) {
      throw RefusedException.invalid("The input field is required.");
    }
    Model model = models.bySlug(body.path("model").asText());
    Medium medium = medium(model);
    model.inputSchema().check(input);
    String prompt = promptOf(input);
    String lyrics = input.path("lyrics").asText();
    if ((prompt + " " + lyrics).toLowerCase(Locale.ROOT).contains(FORBIDDEN_WORD)) {
      throw RefusedException.forbidden();
    }
    return new CreateRequest(
        model,
        medium,
        new Parameters(input, model.inputSchema()),
        SandboxFaults.withoutTags(prompt),
        subscription(body),
        body.path("await").asBoolean() && medium == Medium.IMAGE);
  }

  /** Music may have lyrics instead. */
  static String promptOf(JsonNode input) {
    String prompt = input.path("prompt").asText();
    return prompt.isBlank() ? input.path("lyrics").asText() : prompt;
  }

  private static Medium medium(Model model) throws RefusedException {
    if (model.isOffline()) {
      throw unsupported("The model '" + model.slug() + "' is offline.");
    }
    return model
        .medium()
        .orElseThrow(
            () -> unsupported("The model '" + model.slug() + "' does not support predictions."));
  }

  private static RefusedException unsupported(String message) {
    return new RefusedException(FullResponse.error(422, "MODEL_NOT_SUPPORTED", message));
  }

  PictureSize size() {
    return PictureSize.of(parameters);
  }

  /** How many files the prediction produces. */
  int outputs() {
    int images = parameters.integer("num_outputs", "number_of_images", "n").orElse(1);
    return medium == Medium.IMAGE ? Math.clamp(images, 1, MAX_OUTPUTS) : 1;
  }

  /** Of a video or music; 0 for images. */
  double seconds() {
    return switch (medium) {
      case IMAGE -> 0;
      case VIDEO ->
          Math.clamp(
              parameters.integer("seconds", "duration_seconds", "duration").orElse(5),
              1,
              MAX_VIDEO_SECONDS);
      case AUDIO -> melody().seconds();
    };
  }

  Melody melody() {
    String lyrics = SandboxFaults.withoutTags(parameters.text("lyrics"));
    return new Melody(lyrics, prompt, parameters.integer("sample_rate").orElse(44_100));
  }

  /** Accepts a string next to a filter, or an object. */
  private static Optional<WebhookSubscription> subscription(JsonNode body) throws RefusedException {
    JsonNode webhook = body.path("webhook");
    JsonNode url = webhook.isObject() ? webhook.path("url") : webhook;
    if (url.isMissingNode() || url.isNull()) {
      return Optional.empty();
    }
    JsonNode events =
        webhook.isObject() ? webhook.path("events") : body.path("webhook_events_filter");
    try {
      URI receiver = URI.create(url.asText());
      if (!receiver.isAbsolute() || receiver.getHost() == null) {
        throw RefusedException.invalid("The webhook must be a URL.");
      }
      return Optional.of(
          new WebhookSubscription(
              receiver, events.valueStream().map(JsonNode::asText).toList(), !webhook.isObject()));
    } catch (IllegalArgumentException e) {
      throw RefusedException.invalid("The webhook must be a URL.");
    }
  }
}
