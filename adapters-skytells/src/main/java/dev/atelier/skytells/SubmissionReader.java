package dev.atelier.skytells;

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
final class SubmissionReader {
  /** Redirects that say the request was not looked at; behind the others it may have been. */
  private static final Set<Integer> REDIRECTS_BEFORE_WORK = Set.of(301, 307, 308);

  /**
   * Client errors behind which a gateway may hide a request that went through: it timed out, was
   * there already, or was left by the gateway.
   */
  private static final Set<Integer> UNCERTAIN_CLIENT_ERRORS = Set.of(408, 409, 499);

  private SubmissionReader() {}

  static Submission read(Exchange exchange) {
    return switch (exchange) {
      case Exchange.NotSent notSent ->
          new Submission.Refused(
              new Failure(Failure.Code.PROVIDER_UNAVAILABLE, "not reached: " + notSent.reason()),
              Optional.empty());
      case Exchange.Lost lost -> new Submission.Unconfirmed("no reply: " + lost.reason());
      case Exchange.Answer answer when answer.isSuccess() -> success(answer);
      case Exchange.Answer answer ->
          isUncertain(answer.status()) ? unconfirmed(answer) : refused(answer);
    };
  }

  /** Only these may be sent again: they cannot have been paid for. */
  static boolean isRepeatable(Exchange exchange) {
    return exchange instanceof Exchange.NotSent
        || (read(exchange) instanceof Submission.Refused refused
            && refused.failure().code() == Failure.Code.PROVIDER_BUSY);
  }

  private static Submission success(Exchange.Answer answer) {
    Optional<Prediction> prediction = answer.json().flatMap(PredictionReader::read);
    if (prediction.isPresent()) {
      return new Submission.Accepted(prediction.get());
    }
    return answer.json().filter(SubmissionReader::isCertainRefusal).isPresent()
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
        && error.status().stream().noneMatch(SubmissionReader::isUncertain);
  }

  private static boolean isUncertain(int status) {
    boolean refusal = status >= 400 && status < 500 && !UNCERTAIN_CLIENT_ERRORS.contains(status);
    return !refusal && !REDIRECTS_BEFORE_WORK.contains(status);
  }

  private static Submission refused(Exchange.Answer answer) {
    SkytellsError error = answer.error();
    var failure =
        new Failure(
            error.refusal(error.status().orElse(answer.status())),
            "HTTP " + answer.status() + " " + error.diagnostic());
    return new Submission.Refused(failure, answer.retryAfter());
  }

  private static Submission unconfirmed(Exchange.Answer answer) {
    return new Submission.Unconfirmed(answer.logged());
  }
}
