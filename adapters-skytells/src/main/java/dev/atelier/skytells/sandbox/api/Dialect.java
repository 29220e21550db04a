package dev.atelier.skytells.sandbox.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.atelier.skytells.sandbox.api.Job.Phase;
import dev.atelier.skytells.sandbox.catalog.Model;
import dev.atelier.skytells.sandbox.fault.SandboxFault;
import dev.atelier.skytells.sandbox.fault.SandboxFaults;
import dev.atelier.skytells.sandbox.picture.Picture;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * Writes predictions as JSON, with Skytells' inconsistencies: two time formats, two forms of the
 * model.
 */
public record Dialect(URI origin) {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final DateTimeFormatter ZULU =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter OFFSET =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ssxxx", Locale.ROOT).withZone(ZoneOffset.UTC);

  ObjectNode full(Job job) {
    return full(job, job.phase());
  }

  /** As the courses show it. */
  ObjectNode minimal(Job job) {
    Phase phase = job.phase();
    ObjectNode prediction = JSON.objectNode();
    prediction.put("id", job.id()).put("status", status(job.faults(), phase));
    prediction.put("model", job.createRequest().model().slug());
    prediction.set("output", output(job, phase));
    return prediction;
  }

  private ObjectNode full(Job job, Phase phase) {
    CreateRequest createRequest = job.createRequest();
    ObjectNode prediction = JSON.objectNode();
    prediction.put("id", job.id()).put("status", status(job.faults(), phase)).put("stream", false);
    prediction.put("type", "inference");
    prediction.set("input", createRequest.parameters().input());
    addLogs(prediction, job.faults());
    prediction.set("output", output(job, phase));
    addError(prediction, job, phase);
    prediction.put("created_at", ZULU.format(job.createdAt()));
    prediction.put("started_at", job.startedAt().map(OFFSET::format).orElse(null));
    prediction.put("completed_at", job.completedAt().map(OFFSET::format).orElse(null));
    prediction.put("updated_at", ZULU.format(lastChange(job)));
    prediction.put("privacy", "private").put("source", "api");
    Model model = createRequest.model();
    prediction.putObject("model").put("name", model.slug()).put("type", model.type());
    prediction.set("webhook", webhookEcho(job));
    prediction.set("metrics", metrics(job, phase));
    prediction.set("metadata", metadata(job, phase));
    prediction.set("urls", urls(job));
    return prediction;
  }

  /** A smaller object, or an event with the full one. */
  ObjectNode webhook(Job job, Phase phase) {
    if (job.faults().has(SandboxFault.WEBHOOK_ENVELOPED)) {
      ObjectNode event = JSON.objectNode();
      event.put("type", eventType(phase)).put("created_at", ZULU.format(lastChange(job)));
      event.set("data", full(job, phase));
      return event;
    }
    ObjectNode prediction = JSON.objectNode();
    prediction.put("id", job.id()).put("status", status(job.faults(), phase));
    prediction.put("model", job.createRequest().model().slug());
    addLogs(prediction, job.faults());
    prediction.set("output", output(job, phase));
    prediction.put("created_at", ZULU.format(job.createdAt()));
    prediction.put("completed_at", job.completedAt().map(ZULU::format).orElse(null));
    addError(prediction, job, phase);
    if (job.faults().has(SandboxFault.OUTPUT_IN_STORAGE)) {
      prediction.set("metadata", metadata(job, phase));
    }
    return prediction;
  }

  static String status(SandboxFaults faults, Phase phase) {
    return switch (phase) {
      case QUEUED -> faults.has(SandboxFault.WORK_PENDING) ? "pending" : "queued";
      case PROCESSING -> {
        if (faults.has(SandboxFault.WORK_STARTING)) {
          yield "starting";
        }
        if (faults.has(SandboxFault.WORK_STARTED)) {
          yield "started";
        }
        yield faults.has(SandboxFault.WORK_UNKNOWN_STATUS) ? "rehearsing" : "processing";
      }
      case SUCCEEDED -> "succeeded";
      case FAILED -> "failed";
      case CANCELED -> faults.has(SandboxFault.WORK_CANCELLED) ? "cancelled" : "canceled";
    };
  }

  private static String eventType(Phase phase) {
    return switch (phase) {
      case QUEUED, PROCESSING -> "prediction.started";
      case SUCCEEDED -> "prediction.succeeded";
      case FAILED -> "prediction.failed";
      case CANCELED -> "prediction.cancelled";
    };
  }

  private JsonNode output(Job job, Phase phase) {
    SandboxFaults faults = job.faults();
    if (phase != Phase.SUCCEEDED || faults.has(SandboxFault.OUTPUT_IN_STORAGE)) {
      return JSON.nullNode();
    }
    List<String> urls = faults.has(SandboxFault.FILE_DATA) ? dataUrls(job) : outputUrls(job);
    ArrayNode output = JSON.arrayNode();
    if (isUnreadable(job)) {
      return unreadable();
    }
    if (faults.has(SandboxFault.OUTPUT_B64)) {
      return base64(job);
    }
    if (faults.has(SandboxFault.OUTPUT_NONE)) {
      return output;
    }
    if (faults.has(SandboxFault.OUTPUT_STRING)) {
      return TextNode.valueOf(urls.getFirst());
    }
    for (String url : urls) {
      if (faults.has(SandboxFault.OUTPUT_OBJECTS)) {
        output.addObject().put("url", url);
      } else if (faults.has(SandboxFault.OUTPUT_NESTED)) {
        output.addArray().add(url);
      } else if (faults.has(SandboxFault.OUTPUT_URI)) {
        output.addObject().put("uri", url);
      } else if (faults.has(SandboxFault.OUTPUT_IMAGES)) {
        output.addObject().put("url", url).put("index", output.size());
      } else if (faults.has(SandboxFault.OUTPUT_IMAGE_URL)) {
        output.addObject().put("thumbnail", url + "?small").putObject("image_url").put("url", url);
      } else {
        output.add(url);
      }
    }
    if (faults.has(SandboxFault.OUTPUT_IMAGES)) {
      return JSON.objectNode().set("images", output);
    }
    return faults.has(SandboxFault.OUTPUT_FILES) ? JSON.objectNode().set("files", output) : output;
  }

  private static boolean isUnreadable(Job job) {
    SandboxFaults faults = job.faults();
    return faults.has(SandboxFault.OUTPUT_UNREADABLE)
        || (faults.has(SandboxFault.OUTPUT_UNREADABLE_FIRST)
            && job.polls() <= faults.number(SandboxFault.OUTPUT_UNREADABLE_FIRST));
  }

  private static JsonNode unreadable() {
    ObjectNode output = JSON.objectNode();
    output.putArray("frames").addObject().put("path", "/tmp/out.png");
    return output;
  }

  private static void addLogs(ObjectNode prediction, SandboxFaults faults) {
    if (faults.has(SandboxFault.WORK_LOGS)) {
      prediction.put(
          "logs", "step 1 of 30\n".repeat(mebibytes(faults, SandboxFault.WORK_LOGS) / 13));
    }
  }

  private static int mebibytes(SandboxFaults faults, SandboxFault fault) {
    return faults.number(fault) << 20;
  }

  private static ArrayNode base64(Job job) {
    ArrayNode output = JSON.arrayNode();
    for (String url : dataUrls(job)) {
      output.addObject().put("b64_json", url.substring(url.indexOf(',') + 1));
    }
    return output;
  }

  private List<String> outputUrls(Job job) {
    return Outputs.paths(job).stream().map(path -> origin + path).toList();
  }

  /** The image is the same; a suffix tells outputs apart. */
  private static List<String> dataUrls(Job job) {
    byte[] png = new Picture(job.createRequest().prompt(), job.id().hashCode(), 64, 64).png();
    return IntStream.range(0, job.createRequest().outputs())
        .mapToObj(n -> ByteBuffer.allocate(png.length + 4).put(png).putInt(n).array())
        .map(bytes -> "data:image/png;base64," + Base64.getEncoder().encodeToString(bytes))
        .toList();
  }

  private static void addError(ObjectNode prediction, Job job, Phase phase) {
    SandboxFaults faults = job.faults();
    String reason = job.failure().orElse("The model could not finish this prediction.");
    prediction.putNull("error");
    if (phase != Phase.FAILED) {
      return;
    }
    if (faults.has(SandboxFault.WORK_FAIL_ID)) {
      prediction.put("error_id", "INFERENCE_ERROR").put("error_message", reason);
    } else if (faults.has(SandboxFault.WORK_FAIL_RESPONSE)) {
      prediction.put("response", reason);
    } else if (faults.has(SandboxFault.WORK_FAIL_LONG)) {
      prediction.put("error", "x".repeat(mebibytes(faults, SandboxFault.WORK_FAIL_LONG)));
    } else {
      prediction.put("error", reason);
    }
  }

  private static Instant lastChange(Job job) {
    return job.completedAt().or(job::startedAt).orElse(job.createdAt());
  }

  private static ObjectNode webhookEcho(Job job) {
    ObjectNode echo = JSON.objectNode();
    echo.put("url", job.subscription().map(webhook -> webhook.url().toString()).orElse(null));
    ArrayNode events = echo.putArray("events");
    job.subscription().ifPresent(webhook -> webhook.events().forEach(events::add));
    return echo;
  }

  private static ObjectNode metrics(Job job, Phase phase) {
    ObjectNode metrics = JSON.objectNode();
    if (phase == Phase.SUCCEEDED) {
      Instant end = lastChange(job);
      CreateRequest createRequest = job.createRequest();
      switch (createRequest.medium()) {
        case IMAGE -> metrics.put("image_count", createRequest.outputs());
        case VIDEO, AUDIO -> metrics.put("duration", createRequest.seconds());
      }
      metrics.put("predict_time", seconds(job.startedAt().orElse(end), end));
      metrics.put("total_time", seconds(job.createdAt(), end));
      metrics.put("asset_count", createRequest.outputs());
    }
    return metrics;
  }

  private static double seconds(Instant from, Instant to) {
    return Duration.between(from, to).toMillis() / 1000.0;
  }

  private ObjectNode metadata(Job job, Phase phase) {
    ObjectNode metadata = JSON.objectNode();
    boolean succeeded = phase == Phase.SUCCEEDED;
    if (succeeded) {
      metadata.putObject("billing").put("credits_used", Credits.of(job.createRequest()));
      ArrayNode files = metadata.putObject("storage").putArray("files");
      if (!job.faults().has(SandboxFault.OUTPUT_NONE) && !isUnreadable(job)) {
        for (String url : outputUrls(job)) {
          files
              .addObject()
              .put("name", url.substring(url.lastIndexOf('/') + 1))
              .put("type", job.createRequest().medium().contentType())
              .put("url", url);
        }
      }
    }
    return metadata.put("data_available", succeeded);
  }

  private ObjectNode urls(Job job) {
    String self = origin + "/v1/predictions/" + job.id();
    return JSON.objectNode()
        .put("get", self)
        .put("cancel", self + "/cancel")
        .put("stream", self + "/stream")
        .put("delete", self + "/delete");
  }
}
