package dev.atelier.skytells;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atelier.application.port.Predictions;
import dev.atelier.domain.Failure;
import dev.atelier.domain.GenerationId;
import dev.atelier.domain.GenerationRequest;
import dev.atelier.domain.Prediction;
import java.time.Clock;
import java.util.Optional;
import java.util.Set;
import okhttp3.OkHttpClient;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Skytells' predictions over its HTTP API. Safe for any number of threads. */
public final class SkytellsClient implements Predictions, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(SkytellsClient.class);

  /** Redirects that say the request was not looked at; behind the others it may have been. */
  private static final Set<Integer> REDIRECTS_BEFORE_WORK = Set.of(301, 307, 308);

  /**
   * Client errors behind which a gateway may hide a request that went through: it timed out, was
   * there already, or was left by the gateway.
   */
  private static final Set<Integer> UNCERTAIN_CLIENT_ERRORS = Set.of(408, 409, 499);

  private final SkytellsSettings settings;
  private final SkytellsHttp http;
  private final Retrier retrier;

  /**
   * Opens no connection yet.
   *
   * @param clock tells how far away a {@code Retry-After} date is
   */
  public SkytellsClient(SkytellsSettings settings, Clock clock) {
    this(settings, clock, SkytellsHttp.client(settings));
  }

  SkytellsClient(SkytellsSettings settings, Clock clock, OkHttpClient client) {
    this.settings = settings;
    this.http = new SkytellsHttp(client, settings, clock);
    this.retrier = new Retrier(settings.retries());
  }

  @Override
  public Submission submit(GenerationId id, GenerationRequest request) {
    byte[] body = SkytellsJson.write(create(id, request));
    var address = http.address("predictions").build();
    Exchange last =
        retrier.call(() -> http.post(address, body), SkytellsClient::isCertainlyNotAccepted);
    Submission submission = judge(last);
    if (last instanceof Exchange.Answer answer) {
      note(id, answer, submission);
    }
    return submission;
  }

  private ObjectNode create(GenerationId id, GenerationRequest request) {
    ObjectNode create = SkytellsJson.object().put("model", request.model().slug());
    create.set("input", SkytellsModels.input(request));
    switch (settings.webhookStyle()) {
      case STRING -> {
        create.put("webhook", settings.webhookAddress(id));
        // With this form "completed" is any end; with the other one it is success only.
        create.putArray("webhook_events_filter").add("completed");
      }
      case OBJECT -> {
        ObjectNode webhook = create.putObject("webhook").put("url", settings.webhookAddress(id));
        webhook.putArray("events").add("completed").add("failed").add("canceled");
      }
      case NONE -> {}
    }
    return create;
  }

  /** Only these may be sent again: they cannot have been paid for. */
  private static boolean isCertainlyNotAccepted(Exchange exchange) {
    return exchange instanceof Exchange.NotSent
        || (judge(exchange) instanceof Submission.Refused refused
            && refused.failure().code() == Failure.Code.PROVIDER_BUSY);
  }

  private static Submission judge(Exchange exchange) {
    return switch (exchange) {
      case Exchange.NotSent notSent ->
          new Submission.Refused(
              new Failure(Failure.Code.PROVIDER_UNAVAILABLE, "not reached: " + notSent.reason()),
              Optional.empty());
      case Exchange.Lost lost -> new Submission.Unconfirmed("no reply: " + lost.reason());
      case Exchange.Answer answer ->
          answer.isSuccess()
              ? judgeSuccess(answer)
              : isUncertain(answer.status()) ? unconfirmed(answer) : refused(answer);
    };
  }

  private static Submission judgeSuccess(Exchange.Answer answer) {
    Optional<Prediction> prediction = answer.json().flatMap(PredictionReader::read);
    if (prediction.isPresent()) {
      return new Submission.Accepted(prediction.get());
    }
    return answer.json().filter(SkytellsClient::isCertainRefusal).isPresent()
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
        && error.status().stream().noneMatch(SkytellsClient::isUncertain);
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
    return new Submission.Unconfirmed("HTTP " + answer.status() + " " + answer.error().logged());
  }

  /** Tells the operator what only the operator can mend. */
  private void note(GenerationId id, Exchange.Answer answer, Submission submission) {
    switch (submission) {
      case Submission.Accepted _ -> answer.json().ifPresent(json -> checkEcho(id, json));
      case Submission.Refused refused ->
          log.warn(
              "generation {} refused as {}: HTTP {} {}",
              id,
              refused.failure().code().value(),
              answer.status(),
              answer.error().logged());
      case Submission.Unconfirmed _ -> {}
    }
  }

  /** A reply that shows another webhook than ours says that none will come. */
  private void checkEcho(GenerationId id, JsonNode json) {
    JsonNode prediction = PredictionReader.unwrap(json);
    if (settings.webhookStyle() != SkytellsSettings.WebhookStyle.NONE
        && prediction.has("webhook")
        && PredictionReader.webhook(prediction)
            .flatMap(settings::generationAt)
            .filter(id::equals)
            .isEmpty()) {
      log.warn("generation {}: Skytells did not take our webhook address; it must be polled", id);
    }
  }

  /** Closes what connections are idle. */
  @Override
  public void close() {
    http.close();
  }
}
