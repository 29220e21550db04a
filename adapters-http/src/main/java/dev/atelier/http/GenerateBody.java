package dev.atelier.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atelier.application.GenerateImage;
import dev.atelier.application.InvalidRequestException;
import dev.atelier.application.InvalidRequestException.FieldError;
import dev.atelier.domain.IdempotencyKey;
import dev.atelier.domain.InvalidValueException;
import dev.atelier.domain.UserId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;

/**
 * The body of a request for a generation: checks the shape of each field, and leaves every other
 * rule to the application. A field that is null counts as left out.
 */
final class GenerateBody {
  private final ObjectNode json;
  private final Set<String> known = new HashSet<>();
  private final List<FieldError> errors = new ArrayList<>();

  private GenerateBody(ObjectNode json) {
    this.json = json;
  }

  /**
   * Reads a body.
   *
   * @param owner whose generation it will be, given whom the body names; throws
   *     InvalidValueException when the caller may not name them
   * @throws ProblemException when it is not one JSON object
   * @throws InvalidRequestException naming every field that is unknown or of the wrong type
   */
  static GenerateImage.Command read(
      byte[] body, Function<Optional<UserId>, UserId> owner, Optional<IdempotencyKey> key) {
    ObjectNode json =
        Json.readObject(body)
            .orElseThrow(
                () ->
                    new ProblemException(
                        Problem.of(
                            ProblemCode.INVALID_REQUEST,
                            "The body must be one JSON object in UTF-8 that names no field"
                                + " twice.")));
    return new GenerateBody(json).command(owner, key);
  }

  private GenerateImage.Command command(
      Function<Optional<UserId>, UserId> owner, Optional<IdempotencyKey> key) {
    Optional<String> prompt = text("prompt");
    if (prompt.isEmpty() && !json.hasNonNull("prompt")) {
      refuse("prompt", "is required");
    }
    var command =
        new GenerateImage.Command(
            owner(owner),
            key,
            prompt.orElse(""),
            text("model"),
            integer("width"),
            integer("height"),
            text("negativePrompt"),
            integer("numInferenceSteps"),
            integer("numOutputs"),
            longInteger("seed"),
            integer("durationSeconds"));
    for (var field : json.properties()) {
      if (!known.contains(field.getKey())) {
        refuse(field.getKey(), "is not a known field");
      }
    }
    if (!errors.isEmpty()) {
      throw new InvalidRequestException(errors);
    }
    return command;
  }

  private UserId owner(Function<Optional<UserId>, UserId> owner) {
    try {
      return owner.apply(text("userId").map(UserId::new));
    } catch (InvalidValueException e) {
      refuse(e.field(), String.valueOf(e.getMessage()));
      return UserId.ANONYMOUS;
    }
  }

  private Optional<String> text(String field) {
    Optional<JsonNode> value = value(field);
    if (value.isPresent() && !value.get().isTextual()) {
      refuse(field, "must be a string");
      return Optional.empty();
    }
    return value.map(JsonNode::textValue);
  }

  /** A cast from double saturates, so what no int holds is for the application's bounds to name. */
  private OptionalInt integer(String field) {
    Optional<Double> value = wholeNumber(field);
    return value.isPresent() ? OptionalInt.of(value.get().intValue()) : OptionalInt.empty();
  }

  /** Exact up to 2⁵³, and beyond that far out of any bounds. */
  private OptionalLong longInteger(String field) {
    Optional<Double> value = wholeNumber(field);
    return value.isPresent() ? OptionalLong.of(value.get().longValue()) : OptionalLong.empty();
  }

  /** JSON has one kind of number: 1024.0 is as whole as 1024, and "1024" is none. */
  private Optional<Double> wholeNumber(String field) {
    Optional<JsonNode> value = value(field);
    if (value.isPresent() && !isWhole(value.get())) {
      refuse(field, "must be a whole number");
      return Optional.empty();
    }
    return value.map(JsonNode::doubleValue);
  }

  private static boolean isWhole(JsonNode value) {
    return value.isNumber() && value.doubleValue() == Math.rint(value.doubleValue());
  }

  private Optional<JsonNode> value(String field) {
    known.add(field);
    return Optional.ofNullable(json.get(field)).filter(value -> !value.isNull());
  }

  private void refuse(String field, String message) {
    errors.add(new FieldError(field, message));
  }
}
