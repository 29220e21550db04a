package dev.atelier.skytells.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.atelier.skytells.sandbox.Job.Phase;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;

/**
 * How Skytells writes a prediction down. The inconsistencies are its own: two formats of time in
 * one object, a model that is an object here and a string there.
 *
 * @param origin where the sandbox is
 */
record Dialect(URI origin) {
  private static final DateTimeFormatter ZULU =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter OFFSET =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ssxxx", Locale.ROOT).withZone(ZoneOffset.UTC);

  /** The whole object, as create, get and list answer it. */
  ObjectNode full(Job job) {
    Order order = job.order();
    Phase phase = job.phase();
    ObjectNode prediction = JsonNodeFactory.instance.objectNode();
    prediction.put("id", job.id()).put("status", status(phase)).put("stream", false);
    prediction.put("type", "inference");
    prediction.set("input", order.input());
    prediction.set("output", output(job, phase));
    prediction.set("error", error(phase));
    prediction.put("created_at", ZULU.format(job.createdAt()));
    prediction.put("started_at", job.startedAt().map(OFFSET::format).orElse(null));
    prediction.put("completed_at", job.completedAt().map(OFFSET::format).orElse(null));
    prediction.put("updated_at", ZULU.format(lastChange(job)));
    prediction.put("privacy", "private").put("source", "api");
    prediction
        .putObject("model")
        .put("name", order.model().slug())
        .put("type", order.model().type());
    webhookEcho(prediction.putObject("webhook"), order);
    metrics(prediction.putObject("metrics"), job);
    metadata(prediction.putObject("metadata"), job);
    urls(prediction.putObject("urls"), job);
    return prediction;
  }

  /** The smaller object that is sent to webhooks, as of this phase. */
  ObjectNode webhook(Job job, Phase phase) {
    ObjectNode prediction = JsonNodeFactory.instance.objectNode();
    prediction.put("id", job.id()).put("status", status(phase));
    prediction.put("model", job.order().model().slug());
    prediction.set("output", output(job, phase));
    prediction.put("created_at", ZULU.format(job.createdAt()));
    prediction.put("completed_at", job.completedAt().map(ZULU::format).orElse(null));
    prediction.set("error", error(phase));
    return prediction;
  }

  static String status(Phase phase) {
    return switch (phase) {
      case QUEUED -> "queued";
      case PROCESSING -> "processing";
      case SUCCEEDED -> "succeeded";
      case FAILED -> "failed";
      case CANCELED -> "canceled";
    };
  }

  private JsonNode output(Job job, Phase phase) {
    if (phase != Phase.SUCCEEDED) {
      return JsonNodeFactory.instance.nullNode();
    }
    ArrayNode output = JsonNodeFactory.instance.arrayNode();
    outputUrls(job).forEach(output::add);
    return output;
  }

  private List<String> outputUrls(Job job) {
    return Outputs.paths(job).stream().map(path -> origin + path).toList();
  }

  private static JsonNode error(Phase phase) {
    return phase == Phase.FAILED
        ? TextNode.valueOf("The model could not finish this prediction.")
        : JsonNodeFactory.instance.nullNode();
  }

  private static Instant lastChange(Job job) {
    return job.completedAt().or(job::startedAt).orElse(job.createdAt());
  }

  private static void webhookEcho(ObjectNode echo, Order order) {
    echo.put("url", order.subscription().map(to -> to.url().toString()).orElse(null));
    ArrayNode events = echo.putArray("events");
    order.subscription().ifPresent(to -> to.events().forEach(events::add));
  }

  private static void metrics(ObjectNode metrics, Job job) {
    if (job.phase() != Phase.SUCCEEDED) {
      return;
    }
    Instant end = lastChange(job);
    metrics.put("image_count", job.order().outputs());
    metrics.put("predict_time", seconds(job.startedAt().orElse(end), end));
    metrics.put("total_time", seconds(job.createdAt(), end));
    metrics.put("asset_count", job.order().outputs());
  }

  private static double seconds(Instant from, Instant to) {
    return Duration.between(from, to).toMillis() / 1000.0;
  }

  private void metadata(ObjectNode metadata, Job job) {
    boolean done = job.phase() == Phase.SUCCEEDED;
    if (done) {
      Order order = job.order();
      metadata.putObject("billing").put("credits_used", order.model().price() * order.outputs());
      ArrayNode files = metadata.putObject("storage").putArray("files");
      for (String url : outputUrls(job)) {
        files
            .addObject()
            .put("name", url.substring(url.lastIndexOf('/') + 1))
            .put("type", order.model().isVideo() ? "video/mp4" : "image/png")
            .put("url", url);
      }
    }
    metadata.put("data_available", done);
  }

  private void urls(ObjectNode urls, Job job) {
    String self = origin + "/v1/predictions/" + job.id();
    urls.put("get", self)
        .put("cancel", self + "/cancel")
        .put("stream", self + "/stream")
        .put("delete", self + "/delete");
  }
}
