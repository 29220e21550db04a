package dev.atelier.skytells.client;

import com.fasterxml.jackson.databind.JsonNode;
import dev.atelier.application.port.Predictions.Submission;
import dev.atelier.domain.Failure;
import dev.atelier.domain.Prediction;
import java.util.Optional;
import java.util.Set;

/**
 * What a create call's outcome means for the money: taken on, certainly not taken on, or unknown.
 * Whatever may have been taken on is never called refused.
 */
final class CreateResponseReader {
  /** Redirects that say the request was not looked at; behind the others it may have been. */
  private static final Set<Integer> REDIRECTS_BEFORE_WORK = Set.of(301, 307, 308);

  /**
   * Client errors behind which a gateway may hide a request that went through: it timed out, was
   * there already, or was left by the gateway.
   */
  private static final Set<Integer> UNCERTAIN_CLIENT_ERRORS = Set.of(408, 409, 499);

  private CreateResponseReader() {}

  static Submission read(CallResult callResult) {
    return switch (callResult) {
      case CallResult.NotSent notSent ->
          new Submission.Refused(
              new Failure(Failure.Code.PROVIDER_UNAVAILABLE, "not reached: " + notSent.reason()),
              Optional.empty());
      case CallResult.Lost lost -> new Submission.Unconfirmed("no reply: " + lost.reason());
      case CallResult.Answer answer when answer.isSuccess() -> success(answer);
      case CallResult.Answer answer ->
          isUncertain(answer.status()) ? unconfirmed(answer) : refused(answer);
    };
  }

  /** Only these may be sent again: they cannot have been paid for. */
  static boolean isRepeatable(CallResult callResult) {
    return callResult instanceof CallResult.NotSent
        || (read(callResult) instanceof Submission.Refused refused
            && refused.failure().code() == Failure.Code.PROVIDER_BUSY);
  }

  private static Submission success(CallResult.Answer answer) {
    Optional<Prediction> prediction = answer.json().flatMap(PredictionReader::read);
    if (prediction.isPresent()) {
      return new Submission.Accepted(prediction.get());
    }
    return answer.json().filter(CreateResponseReader::isCertainRefusal).isPresent()
        ? refused(answer)
        : unconfirmed(answer);
  }

  /** An error in a success's clothes: without an id, and not the fault of the server. */
  private static boolean isCertainRefusal(JsonNode json) {
    SkytellsError error = SkytellsError.read(Optional.of(json));
    boolean saysFalse = json.path("status").isBoolean() && !json.path("status").booleanValue();
    return (saysFalse || error.id().isPresent())
        && !json.hasNonNull("id")
        && error.code().filter(Failure.Code.GENERATION_FAILED::equals).isEmpty()
        && error.status().stream().noneMatch(CreateResponseReader::isUncertain);
  }

  private static boolean isUncertain(int status) {
    boolean refusal = status >= 400 && status < 500 && !UNCERTAIN_CLIENT_ERRORS.contains(status);
    return !refusal && !REDIRECTS_BEFORE_WORK.contains(status);
  }

  private static Submission refused(CallResult.Answer answer) {
    SkytellsError error = answer.error();
    var failure =
        new Failure(
            error.refusal(error.status().orElse(answer.status())),
            "HTTP " + answer.status() + " " + error.diagnostic());
    return new Submission.Refused(failure, answer.retryAfter());
  }

  private static Submission unconfirmed(CallResult.Answer answer) {
    return new Submission.Unconfirmed(answer.logged());
  }
}
