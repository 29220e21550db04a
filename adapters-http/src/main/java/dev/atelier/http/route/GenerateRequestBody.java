package dev.atelier.http.route;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atelier.application.generate.CreateGeneration;
import dev.atelier.application.generate.InvalidRequestException;
import dev.atelier.application.generate.InvalidRequestException.FieldError;
import dev.atelier.domain.IdempotencyKey;
import dev.atelier.domain.InvalidValueException;
import dev.atelier.domain.ModelInput;
import dev.atelier.domain.UserId;
import dev.atelier.http.problem.Problem;
import dev.atelier.http.problem.ProblemCode;
import dev.atelier.http.problem.ProblemException;
import dev.atelier.http.request.Json;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;

/**
 * Parses the body of {@code POST /api/generate}. Checks names and types; the application checks
 * values. A null field counts as absent.
 */
final class GenerateRequestBody {
  private static final String INPUT = "input";
  private static final int MAX_INPUT_BYTES = 64 * 1024;

  private final ObjectNode json;
  private final Set<String> knownFields = new HashSet<>();
  private final List<FieldError> errors = new ArrayList<>();

  private GenerateRequestBody(ObjectNode json) {
    this.json = json;
  }

  /**
   * @param owner maps the {@code userId} of the body to the owner; throws InvalidValueException if
   *     the caller may not act for that user
   * @throws InvalidRequestException with every unknown field and every wrong type
   */
  static CreateGeneration.Command read(
      byte[] body, Function<Optional<UserId>, UserId> owner, Optional<IdempotencyKey> key) {
    ObjectNode json =
        Json.readObject(body)
            .orElseThrow(
                () ->
                    new ProblemException(
                        Problem.of(
                            ProblemCode.INVALID_REQUEST,
                            "The body must be one JSON object in UTF-8 without duplicate"
                                + " fields.")));
    return new GenerateRequestBody(json).command(owner, key);
  }

  private CreateGeneration.Command command(
      Function<Optional<UserId>, UserId> owner, Optional<IdempotencyKey> key) {
    var command =
        new CreateGeneration.Command(
            owner(owner),
            key,
            text("prompt"),
            text("model"),
            integer("width"),
            integer("height"),
            text("negativePrompt"),
            integer("numInferenceSteps"),
            integer("numOutputs"),
            longInteger("seed"),
            integer("durationSeconds"),
            parameters());
    for (var field : json.properties()) {
      if (!knownFields.contains(field.getKey())) {
        addError(field.getKey(), "is not a known field");
      }
    }
    if (!errors.isEmpty()) {
      throw new InvalidRequestException(errors);
    }
    return command;
  }

  private ModelInput parameters() {
    Optional<JsonNode> input = value(INPUT);
    if (input.isEmpty()) {
      return ModelInput.EMPTY;
    }
    if (!input.get().isObject()) {
      addError(INPUT, "must be an object");
    } else if (Json.bytes(input.get()).length > MAX_INPUT_BYTES) {
      addError(INPUT, "must have at most " + MAX_INPUT_BYTES + " bytes");
    } else {
      try {
        return new ModelInput(Json.toMap(input.get()));
      } catch (InvalidValueException e) {
        addError(e.field(), e.getMessage());
      }
    }
    return ModelInput.EMPTY;
  }

  private UserId owner(Function<Optional<UserId>, UserId> owner) {
    try {
      return owner.apply(text("userId").map(UserId::new));
    } catch (InvalidValueException e) {
      addError(e.field(), String.valueOf(e.getMessage()));
      return UserId.ANONYMOUS;
    }
  }

  private Optional<String> text(String field) {
    Optional<JsonNode> value = value(field);
    if (value.isPresent() && !value.get().isTextual()) {
      addError(field, "must be a string");
      return Optional.empty();
    }
    return value.map(JsonNode::textValue);
  }

  /** A value outside int becomes the minimum or maximum int, which the validator rejects. */
  private OptionalInt integer(String field) {
    Optional<Double> value = wholeNumber(field);
    return value.isPresent() ? OptionalInt.of(value.get().intValue()) : OptionalInt.empty();
  }

  /** Exact up to 2⁵³; every valid value is smaller. */
  private OptionalLong longInteger(String field) {
    Optional<Double> value = wholeNumber(field);
    return value.isPresent() ? OptionalLong.of(value.get().longValue()) : OptionalLong.empty();
  }

  /** JSON has one number type, so 1024.0 is valid. */
  private Optional<Double> wholeNumber(String field) {
    Optional<JsonNode> value = value(field);
    if (value.isPresent() && !isWhole(value.get())) {
      addError(field, "must be a whole number");
      return Optional.empty();
    }
    return value.map(JsonNode::doubleValue);
  }

  private static boolean isWhole(JsonNode value) {
    return value.isNumber() && value.doubleValue() == Math.rint(value.doubleValue());
  }

  private Optional<JsonNode> value(String field) {
    knownFields.add(field);
    return Optional.ofNullable(json.get(field)).filter(value -> !value.isNull());
  }

  private void addError(String field, String message) {
    errors.add(new FieldError(field, message));
  }
}
