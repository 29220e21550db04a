package dev.atelier.skytells.sandbox.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atelier.skytells.sandbox.fault.SandboxFaults;
import dev.atelier.skytells.sandbox.http.FullResponse;
import dev.atelier.skytells.sandbox.http.RefusedException;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * A parsed create request.
 *
 * @param prompt without fault tags
 */
record CreateRequest(
    Models.Model model,
    ObjectNode input,
    String prompt,
    int width,
    int height,
    OptionalLong seed,
    int outputs,
    Optional<WebhookSubscription> subscription,
    boolean await) {

  static final String FORBIDDEN_WORD = "nsfw";

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
    if (!input.path("prompt").isTextual() || input.path("prompt").asText().isBlank()) {
      throw RefusedException.invalid("The input.prompt field is required.");
    }
    Models.Model model = models.bySlug(body.path("model").asText());
    String prompt = input.path("prompt").asText();
    if (prompt.toLowerCase(Locale.ROOT).contains(FORBIDDEN_WORD)) {
      throw RefusedException.forbidden();
    }
    int[] size = size(input.path("aspect_ratio").asText("1:1"));
    integer(input, "num_inference_steps", 30, 1, 100);
    integer(input, "duration_seconds", 5, 3, 30);
    return new CreateRequest(
        model,
        input,
        SandboxFaults.withoutTags(prompt),
        (int) integer(input, "width", size[0], 256, 2048),
        (int) integer(input, "height", size[1], 256, 2048),
        input.has("seed")
            ? OptionalLong.of(integer(input, "seed", 0, 0, 0xFFFF_FFFFL))
            : OptionalLong.empty(),
        model.isVideo() ? 1 : outputs(input),
        subscription(body),
        body.path("await").asBoolean() && !model.isVideo());
  }

  private static int[] size(String aspectRatio) throws RefusedException {
    return switch (aspectRatio) {
      case "1:1" -> new int[] {1024, 1024};
      case "16:9" -> new int[] {1344, 768};
      case "9:16" -> new int[] {768, 1344};
      case "4:3" -> new int[] {1152, 864};
      case "3:4" -> new int[] {864, 1152};
      case "3:2" -> new int[] {1216, 832};
      case "2:3" -> new int[] {832, 1216};
      case "21:9" -> new int[] {1536, 640};
      default -> throw RefusedException.invalid("The input.aspect_ratio is not one of the enum.");
    };
  }

  private static int outputs(ObjectNode input) throws RefusedException {
    long outputs = 1;
    for (String name : List.of("num_outputs", "number_of_images", "n")) {
      outputs = Math.max(outputs, integer(input, name, 1, 1, 4));
    }
    return (int) outputs;
  }

  private static long integer(ObjectNode input, String name, long defaultValue, long min, long max)
      throws RefusedException {
    JsonNode value = input.get(name);
    if (value == null) {
      return defaultValue;
    }
    if (!value.isIntegralNumber() || value.asLong() < min || value.asLong() > max) {
      throw new RefusedException(
          FullResponse.error(
              422,
              "INVALID_INPUT",
              "The input." + name + " must be an integer from " + min + " to " + max + "."));
    }
    return value.asLong();
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
