package dev.atelier.skytells.client;

import com.fasterxml.jackson.databind.JsonNode;
import dev.atelier.domain.Billed;
import dev.atelier.domain.Failure;
import dev.atelier.domain.Output;
import dev.atelier.domain.Prediction;
import dev.atelier.domain.PredictionId;
import dev.atelier.skytells.client.OutputFinder.Found;
import dev.atelier.skytells.json.SkytellsJson;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads a prediction in every documented form. Only the id is required. */
public final class PredictionReader {
  private static final Logger log = LoggerFactory.getLogger(PredictionReader.class);

  private PredictionReader() {}

  public static Optional<Prediction> read(JsonNode document) {
    JsonNode prediction = unwrap(document);
    return SkytellsJson.text(prediction, "id")
        .flatMap(PredictionId::parse)
        .map(id -> prediction(id, prediction, status(document, prediction)));
  }

  static JsonNode unwrap(JsonNode document) {
    JsonNode data = document.path("data");
    return data.has("id") ? data : document;
  }

  /** The echoed webhook URL, as a string or in an object. */
  static Optional<String> webhook(JsonNode prediction) {
    JsonNode webhook = prediction.path("webhook");
    return SkytellsJson.text(webhook).or(() -> SkytellsJson.text(webhook, "url"));
  }

  /** ISO 8601 with {@code Z} or an offset. */
  static Optional<Instant> instant(JsonNode prediction, String name) {
    return SkytellsJson.text(prediction, name)
        .flatMap(
            text -> {
              try {
                return Optional.of(OffsetDateTime.parse(text).toInstant());
              } catch (DateTimeException e) {
                return Optional.empty();
              }
            });
  }

  /** A status of {@code false} means queued; the event type replaces a missing status. */
  private static String status(JsonNode document, JsonNode prediction) {
    JsonNode status = prediction.path("status");
    if (status.isBoolean()) {
      return status.booleanValue() ? "processing" : "queued";
    }
    return SkytellsJson.text(status)
        .or(() -> SkytellsJson.text(document, "type"))
        .map(text -> text.substring(text.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT))
        .orElse("");
  }

  private static Prediction prediction(PredictionId id, JsonNode prediction, String status) {
    return switch (status) {
      case "queued", "pending", "starting", "started" -> new Prediction.Queued(id);
      case "processing" -> new Prediction.Processing(id);
      case "succeeded" -> succeeded(id, prediction);
      case "failed" -> new Prediction.Failed(id, failure(prediction), BillReader.read(prediction));
      case "canceled", "cancelled" -> new Prediction.Canceled(id, BillReader.read(prediction));
      default -> {
        log.warn(
            "unknown status, treated as processing: prediction={} status={}",
            id,
            SkytellsJson.isName(status) ? status : "(not a name)");
        yield new Prediction.Processing(id);
      }
    };
  }

  private static Prediction succeeded(PredictionId id, JsonNode prediction) {
    Optional<Instant> completedAt = instant(prediction, "completed_at");
    Billed billed = BillReader.read(prediction);
    return switch (OutputFinder.find(prediction)) {
      case Found.Results(List<Output> outputs) ->
          new Prediction.Succeeded(id, outputs, completedAt, billed);
      case Found.Nothing _ -> new Prediction.Succeeded(id, List.of(), completedAt, billed);
      case Found.Unreadable(String structure) -> {
        log.warn("output unreadable, polling again: prediction={} structure={}", id, structure);
        yield new Prediction.Unreadable(id, structure, billed);
      }
    };
  }

  private static Failure failure(JsonNode prediction) {
    SkytellsError error = SkytellsError.read(Optional.of(prediction));
    return new Failure(error.code().orElse(Failure.Code.GENERATION_FAILED), error.diagnostic());
  }
}
