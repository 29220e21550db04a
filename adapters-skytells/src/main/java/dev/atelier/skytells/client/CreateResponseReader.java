package dev.atelier.skytells.client;

import com.fasterxml.jackson.databind.JsonNode;
import dev.atelier.application.port.Predictions.Submission;
import dev.atelier.domain.Failure;
import dev.atelier.domain.Prediction;
import java.util.Optional;
import java.util.Set;

/**
 * Classifies the outcome of a create call. Refused means that Skytells certainly did not accept it,
 * so nothing is billed.
 */
final class CreateResponseReader {
  /** After any other redirect the request may have been processed. */
  private static final Set<Integer> REFUSING_REDIRECTS = Set.of(301, 307, 308);

  /** Gateways may send these for an accepted request. */
  private static final Set<Integer> UNCERTAIN_CLIENT_ERRORS = Set.of(408, 409, 499);

  private CreateResponseReader() {}

  static Submission read(CallResult callResult) {
    return switch (callResult) {
      case CallResult.NotSent notSent ->
          new Submission.Refused(
              new Failure(Failure.Code.PROVIDER_UNAVAILABLE, "not reached: " + notSent.reason()),
              Optional.empty());
      case CallResult.NoResponse noResponse ->
          new Submission.Unconfirmed("no reply: " + noResponse.reason());
      case CallResult.Response response when response.isSuccess() -> accepted(response);
      case CallResult.Response response ->
          isUncertain(response.status()) ? unconfirmed(response) : refused(response);
    };
  }

  /** Whether it certainly was not paid for. */
  static boolean isRepeatable(CallResult callResult) {
    return callResult instanceof CallResult.NotSent
        || (read(callResult) instanceof Submission.Refused refused
            && refused.failure().code() == Failure.Code.PROVIDER_BUSY);
  }

  private static Submission accepted(CallResult.Response response) {
    Optional<Prediction> prediction = response.json().flatMap(PredictionReader::read);
    if (prediction.isPresent()) {
      return new Submission.Accepted(prediction.get());
    }
    return response.json().filter(CreateResponseReader::isErrorBody).isPresent()
        ? refused(response)
        : unconfirmed(response);
  }

  /** A 2xx response may contain an error. An error about the server does not prove the refusal. */
  private static boolean isErrorBody(JsonNode json) {
    SkytellsError error = SkytellsError.read(Optional.of(json));
    boolean statusIsFalse = json.path("status").isBoolean() && !json.path("status").booleanValue();
    return (statusIsFalse || error.id().isPresent())
        && !json.hasNonNull("id")
        && error.code().filter(Failure.Code.GENERATION_FAILED::equals).isEmpty()
        && error.status().stream().noneMatch(CreateResponseReader::isUncertain);
  }

  private static boolean isUncertain(int status) {
    boolean refusal = status >= 400 && status < 500 && !UNCERTAIN_CLIENT_ERRORS.contains(status);
    return !refusal && !REFUSING_REDIRECTS.contains(status);
  }

  private static Submission refused(CallResult.Response response) {
    SkytellsError error = response.error();
    var failure =
        new Failure(
            error.refusal(error.status().orElse(response.status())),
            "HTTP " + response.status() + " " + error.diagnostic());
    return new Submission.Refused(failure, response.retryAfter());
  }

  private static Submission unconfirmed(CallResult.Response response) {
    return new Submission.Unconfirmed(response.summary());
  }
}
