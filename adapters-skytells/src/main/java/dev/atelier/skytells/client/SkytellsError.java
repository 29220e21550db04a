package dev.atelier.skytells.client;

import static java.util.Map.entry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.atelier.domain.Failure;
import dev.atelier.skytells.json.SkytellsJson;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * An error in any of Skytells' seven forms. Decisions depend on its id, then on the status, never
 * on the text.
 *
 * @param status in the body
 * @param message never logged
 * @param requestId for Skytells' support
 */
record SkytellsError(
    Optional<String> id, OptionalInt status, Optional<String> message, Optional<String> requestId) {
  static final String PREDICTION_FAILED = "PREDICTION_FAILED";

  private static final Map<String, Failure.Code> CODES =
      Map.ofEntries(
          entry("INVALID_PARAMETER", Failure.Code.REJECTED_BY_PROVIDER),
          entry("INVALID_PARAMETER_COMBINATION", Failure.Code.REJECTED_BY_PROVIDER),
          entry("INVALID_REQUEST", Failure.Code.REJECTED_BY_PROVIDER),
          entry("INVALID_INPUT", Failure.Code.REJECTED_BY_PROVIDER),
          entry("VALIDATION_ERROR", Failure.Code.REJECTED_BY_PROVIDER),
          entry("MODEL_NOT_FOUND", Failure.Code.REJECTED_BY_PROVIDER),
          entry("MODEL_NOT_SUPPORTED", Failure.Code.REJECTED_BY_PROVIDER),
          entry("SECURITY_VIOLATION", Failure.Code.REJECTED_BY_PROVIDER),
          entry("CONTENT_POLICY_VIOLATION", Failure.Code.CONTENT_POLICY),
          entry("UNAUTHORIZED", Failure.Code.PROVIDER_UNAVAILABLE),
          entry("ACCOUNT_SUSPENDED", Failure.Code.PROVIDER_UNAVAILABLE),
          entry("INSUFFICIENT_CREDITS", Failure.Code.PROVIDER_UNAVAILABLE),
          entry("PAYMENT_REQUIRED", Failure.Code.PROVIDER_UNAVAILABLE),
          entry("FORBIDDEN", Failure.Code.PROVIDER_UNAVAILABLE),
          entry("ENDPOINT_NOT_FOUND", Failure.Code.PROVIDER_UNAVAILABLE),
          entry("SERVICE_UNAVAILABLE", Failure.Code.PROVIDER_UNAVAILABLE),
          entry("RATE_LIMIT_EXCEEDED", Failure.Code.PROVIDER_BUSY),
          entry("RATE_LIMITED", Failure.Code.PROVIDER_BUSY),
          entry("INFERENCE_RATE_LIMITED", Failure.Code.PROVIDER_BUSY),
          entry("INTERNAL_ERROR", Failure.Code.GENERATION_FAILED),
          entry("INFERENCE_ERROR", Failure.Code.GENERATION_FAILED),
          entry("INFERENCE_TIMEOUT", Failure.Code.GENERATION_FAILED),
          entry(PREDICTION_FAILED, Failure.Code.GENERATION_FAILED));

  static SkytellsError read(Optional<JsonNode> body) {
    JsonNode json = body.orElse(MissingNode.getInstance());
    JsonNode error = json.path("error");
    Stream<Optional<String>> ids =
        Stream.of(
            SkytellsJson.text(error, "error_id"),
            SkytellsJson.text(json, "error_id"),
            SkytellsJson.text(error, "code"));
    Stream<Optional<String>> messages =
        Stream.of(
            SkytellsJson.text(error, "message"),
            SkytellsJson.text(json, "error_message"),
            SkytellsJson.text(error),
            SkytellsJson.text(json, "message"),
            SkytellsJson.text(json, "response"),
            SkytellsJson.text(json, "detail"));
    Stream<Optional<String>> requestIds =
        Stream.of(SkytellsJson.text(error, "request_id"), SkytellsJson.text(json, "request_id"));
    return new SkytellsError(
        first(ids).filter(SkytellsJson::isName).map(id -> id.toUpperCase(Locale.ROOT)),
        statusIn(error),
        first(messages),
        first(requestIds).filter(SkytellsJson::isName));
  }

  boolean isPredictionFailed() {
    return id.filter(PREDICTION_FAILED::equals).isPresent();
  }

  Optional<Failure.Code> code() {
    return id.map(CODES::get);
  }

  Failure.Code refusal(int httpStatus) {
    return code()
        .orElseGet(
            () ->
                switch (httpStatus) {
                  case 401, 402, 403, 404, 405 -> Failure.Code.PROVIDER_UNAVAILABLE;
                  case 429 -> Failure.Code.PROVIDER_BUSY;
                  case 451 -> Failure.Code.CONTENT_POLICY;
                  default ->
                      httpStatus >= 400 && httpStatus < 500
                          ? Failure.Code.REJECTED_BY_PROVIDER
                          : Failure.Code.PROVIDER_UNAVAILABLE;
                });
  }

  /** For the operator; never logged. */
  String diagnostic() {
    return Stream.of(id, message).flatMap(Optional::stream).reduce("", SkytellsError::join);
  }

  String summary() {
    return "error_id=" + id.orElse("none") + " request_id=" + requestId.orElse("none");
  }

  private static String join(String id, String message) {
    return id.isEmpty() ? message : id + ": " + message;
  }

  private static OptionalInt statusIn(JsonNode error) {
    return Stream.of(error.path("http_status"), error.path("status"))
        .filter(JsonNode::isInt)
        .mapToInt(JsonNode::intValue)
        .findFirst();
  }

  private static Optional<String> first(Stream<Optional<String>> values) {
    return values.flatMap(Optional::stream).findFirst();
  }
}
