package dev.atelier.persistence.postgres;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atelier.domain.Asset;
import dev.atelier.domain.BlobKey;
import dev.atelier.domain.Dimensions;
import dev.atelier.domain.Failure;
import dev.atelier.domain.FileReference;
import dev.atelier.domain.GenerationId;
import dev.atelier.domain.GenerationOptions;
import dev.atelier.domain.InputFile;
import dev.atelier.domain.MediaType;
import dev.atelier.domain.ModelInput;
import dev.atelier.domain.NegativePrompt;
import dev.atelier.domain.Output;
import dev.atelier.domain.OutputStatus;
import dev.atelier.domain.Price;
import dev.atelier.domain.UploadId;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Reads and writes the jsonb columns of a generation. Invalid content is an {@link
 * IllegalArgumentException} that does not quote it.
 */
final class GenerationJson {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final ObjectReader READER =
      MAPPER.reader().with(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

  private static final ObjectReader INPUT_READER =
      MAPPER.readerForMapOf(Object.class).with(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

  private GenerationJson() {}

  static String write(GenerationOptions options) {
    ObjectNode json = NODES.objectNode();
    options.width().ifPresent(pixels -> json.put("width", pixels));
    options.height().ifPresent(pixels -> json.put("height", pixels));
    options.numInferenceSteps().ifPresent(steps -> json.put("numInferenceSteps", steps));
    options.negativePrompt().ifPresent(text -> json.put("negativePrompt", text.value()));
    options.numOutputs().ifPresent(count -> json.put("numOutputs", count));
    options.seed().ifPresent(seed -> json.put("seed", seed));
    options.durationSeconds().ifPresent(seconds -> json.put("durationSeconds", seconds));
    return json.toString();
  }

  static GenerationOptions readOptions(String text) {
    JsonNode json = parse(text);
    if (!json.isObject()) {
      throw new IllegalArgumentException("options are not an object");
    }
    return new GenerationOptions(
        optionalInteger(json, "width"),
        optionalInteger(json, "height"),
        optionalInteger(json, "numInferenceSteps"),
        json.has("negativePrompt")
            ? Optional.of(new NegativePrompt(string(json, "negativePrompt")))
            : Optional.empty(),
        optionalInteger(json, "numOutputs"),
        json.has("seed") ? OptionalLong.of(longInteger(json, "seed")) : OptionalLong.empty(),
        optionalInteger(json, "durationSeconds"));
  }

  static String write(ModelInput input) {
    return MAPPER.valueToTree(input.values()).toString();
  }

  static ModelInput readInput(String text) {
    try {
      return new ModelInput(INPUT_READER.readValue(text));
    } catch (JsonProcessingException e) {
      // The original message quotes the text.
      throw new IllegalArgumentException("no JSON object");
    }
  }

  static String write(Price price) {
    return NODES
        .objectNode()
        .put("amount", price.amount())
        .put("currency", price.currency())
        .put("unit", price.unit())
        .toString();
  }

  static Price readPrice(String text) {
    JsonNode json = parse(text);
    JsonNode amount = json.required("amount");
    if (!amount.isNumber()) {
      throw new IllegalArgumentException("amount is not a number");
    }
    return new Price(amount.decimalValue(), string(json, "currency"), string(json, "unit"));
  }

  static String writeFiles(List<InputFile> files) {
    return array(files.stream().map(GenerationJson::file));
  }

  private static ObjectNode file(InputFile file) {
    ObjectNode json = NODES.objectNode().put("path", file.path());
    return switch (file.source()) {
      case FileReference.OutputFile output ->
          json.put("generation", output.generation().toString()).put("index", output.index());
      case FileReference.UploadedFile uploaded -> json.put("upload", uploaded.upload().toString());
    };
  }

  static List<InputFile> readFiles(String text) {
    return list(text, GenerationJson::file);
  }

  private static InputFile file(JsonNode json) {
    return new InputFile(string(json, "path"), source(json));
  }

  private static FileReference source(JsonNode json) {
    return json.has("upload")
        ? new FileReference.UploadedFile(new UploadId(UUID.fromString(string(json, "upload"))))
        : new FileReference.OutputFile(
            new GenerationId(UUID.fromString(string(json, "generation"))), integer(json, "index"));
  }

  static String writeOutputs(List<OutputStatus> outputs) {
    return array(outputs.stream().map(GenerationJson::output));
  }

  private static ObjectNode output(OutputStatus output) {
    return switch (output) {
      case OutputStatus.Awaiting awaiting -> awaiting(awaiting);
      case OutputStatus.Stored stored ->
          NODES.objectNode().put("status", "stored").set("asset", asset(stored.asset()));
      case OutputStatus.Lost lost ->
          NODES
              .objectNode()
              .put("status", "lost")
              .put("code", lost.failure().code().value())
              .put("diagnostic", lost.failure().diagnostic());
    };
  }

  private static ObjectNode awaiting(OutputStatus.Awaiting awaiting) {
    ObjectNode json =
        NODES.objectNode().put("status", "awaiting").put("url", awaiting.output().url());
    awaiting.rejectedSince().ifPresent(since -> json.put("refusedSince", since.toString()));
    return json;
  }

  static List<OutputStatus> readOutputs(String text) {
    return list(text, GenerationJson::output);
  }

  private static OutputStatus output(JsonNode json) {
    return switch (string(json, "status")) {
      case "awaiting" ->
          new OutputStatus.Awaiting(
              new Output(string(json, "url")),
              json.has("refusedSince")
                  ? Optional.of(instant(json, "refusedSince"))
                  : Optional.empty());
      case "stored" -> new OutputStatus.Stored(asset(json.required("asset")));
      case "lost" ->
          new OutputStatus.Lost(failure(string(json, "code"), string(json, "diagnostic")));
      default -> throw new IllegalArgumentException("an unknown status of an output");
    };
  }

  static String writeAssets(List<Asset> assets) {
    return array(assets.stream().map(GenerationJson::asset));
  }

  private static ObjectNode asset(Asset asset) {
    ObjectNode json =
        NODES
            .objectNode()
            .put("key", asset.key().value())
            .put("type", asset.type().value())
            .put("bytes", asset.bytes())
            .put("sha256", asset.sha256());
    asset
        .dimensions()
        .ifPresent(size -> json.put("width", size.width()).put("height", size.height()));
    return json;
  }

  static List<Asset> readAssets(String text) {
    return list(text, GenerationJson::asset);
  }

  private static Asset asset(JsonNode json) {
    return new Asset(
        new BlobKey(string(json, "key")),
        mediaType(string(json, "type")),
        longInteger(json, "bytes"),
        string(json, "sha256"),
        json.has("width")
            ? Optional.of(new Dimensions(integer(json, "width"), integer(json, "height")))
            : Optional.empty());
  }

  /**
   * Reads a failure. An unknown code, from a newer version, becomes the general one and is kept in
   * the diagnostic.
   */
  static Failure failure(String code, String diagnostic) {
    return Stream.of(Failure.Code.values())
        .filter(known -> known.value().equals(code))
        .findFirst()
        .map(known -> new Failure(known, diagnostic))
        .orElseGet(
            () -> new Failure(Failure.Code.GENERATION_FAILED, "[" + code + "] " + diagnostic));
  }

  /**
   * Reads a media type. An unknown one, from a newer version, becomes {@code
   * application/octet-stream}.
   */
  static MediaType mediaType(String value) {
    return Stream.of(MediaType.values())
        .filter(type -> type.value().equals(value))
        .findFirst()
        .orElse(MediaType.BINARY);
  }

  private static String array(Stream<ObjectNode> elements) {
    ArrayNode array = NODES.arrayNode();
    elements.forEach(array::add);
    return array.toString();
  }

  private static <T> List<T> list(String text, Function<JsonNode, T> element) {
    return parse(text).valueStream().map(element).toList();
  }

  private static JsonNode parse(String text) {
    try {
      return READER.readTree(text);
    } catch (JsonProcessingException e) {
      // The original message quotes the text.
      throw new IllegalArgumentException("no JSON");
    }
  }

  private static String string(JsonNode json, String field) {
    JsonNode value = json.required(field);
    if (!value.isTextual()) {
      throw new IllegalArgumentException(field + " is not a string");
    }
    return value.textValue();
  }

  private static Instant instant(JsonNode json, String field) {
    try {
      return Instant.parse(string(json, field));
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException(field + " is not a time");
    }
  }

  private static OptionalInt optionalInteger(JsonNode json, String field) {
    return json.has(field) ? OptionalInt.of(integer(json, field)) : OptionalInt.empty();
  }

  private static int integer(JsonNode json, String field) {
    JsonNode value = json.required(field);
    if (!value.isIntegralNumber() || !value.canConvertToInt()) {
      throw new IllegalArgumentException(field + " is not a whole number");
    }
    return value.intValue();
  }

  private static long longInteger(JsonNode json, String field) {
    JsonNode value = json.required(field);
    if (!value.isIntegralNumber() || !value.canConvertToLong()) {
      throw new IllegalArgumentException(field + " is not a whole number");
    }
    return value.longValue();
  }
}
