package dev.atelier.skytells.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atelier.application.port.Predictions;
import dev.atelier.application.port.RequestLimits;
import dev.atelier.domain.Failure;
import dev.atelier.domain.GenerationId;
import dev.atelier.domain.GenerationRequest;
import dev.atelier.domain.Prediction;
import dev.atelier.domain.PredictionId;
import dev.atelier.skytells.json.DocumentReader;
import dev.atelier.skytells.json.SkytellsJson;
import dev.atelier.skytells.model.SkytellsModels;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Optional;
import java.util.Set;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** Skytells' predictions over its HTTP API. Safe for any number of threads. */
public final class SkytellsClient implements Predictions, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(SkytellsClient.class);

  /** The most that Skytells gives out. */
  private static final int PAGE_SIZE = 50;

  /** Client errors about our key, our credits and our haste, not about what was asked. */
  private static final Set<Integer> REQUEST_INDEPENDENT_STATUSES = Set.of(401, 402, 403, 408, 429);

  /** An account that is suspended is told so with a 403, as is one that may not do one thing. */
  private static final Set<String> ACCOUNT_ERROR_IDS =
      Set.of("ACCOUNT_SUSPENDED", "UNAUTHORIZED", "INSUFFICIENT_CREDITS", "PAYMENT_REQUIRED");

  /** How long one of the calls may take that are sent once: the caller has more to ask. */
  private static final Duration ONE_TRY = Duration.ofSeconds(8);

  private static final byte[] NOTHING = SkytellsJson.write(SkytellsJson.object());

  private final SkytellsSettings settings;
  private final SkytellsHttp http;
  private final SkytellsHttp brief;
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
    this.brief =
        http.within(
            ONE_TRY.compareTo(settings.timeouts().call()) < 0
                ? ONE_TRY
                : settings.timeouts().call(),
            settings);
    this.retrier = new Retrier(settings.retries());
  }

  @Override
  public Submission submit(GenerationId id, GenerationRequest request) {
    HttpUrl address = http.address("predictions").build();
    byte[] body = SkytellsJson.write(create(id, request));
    CallResult callResult =
        retrier.call(() -> http.post(address, body), CreateResponseReader::isRepeatable);
    Submission submission = CreateResponseReader.read(callResult);
    switch (submission) {
      case Submission.Accepted _ -> checkEcho(id, callResult);
      case Submission.Refused refused -> logRefusal(id, refused.failure().code(), callResult);
      case Submission.Unconfirmed _ -> {}
    }
    return submission;
  }

  /** A bad key or spent credits stop everybody's work until the operator acts. */
  private static void logRefusal(GenerationId id, Failure.Code code, CallResult callResult) {
    log.atLevel(code == Failure.Code.PROVIDER_UNAVAILABLE ? Level.ERROR : Level.WARN)
        .log("generation {} refused as {}: {}", id, code.value(), callResult.logged());
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

  /** A reply that shows another webhook than ours says that none will come. */
  private void checkEcho(GenerationId id, CallResult callResult) {
    boolean wanted = settings.webhookStyle() != SkytellsSettings.WebhookStyle.NONE;
    Optional<JsonNode> echoing =
        callResult.json().map(PredictionReader::unwrap).filter(it -> it.has("webhook"));
    if (wanted
        && echoing.isPresent()
        && !echoing.flatMap(this::generation).equals(Optional.of(id))) {
      log.warn("generation {}: Skytells did not take our webhook address; it must be polled", id);
    }
  }

  @Override
  public LookupResult find(PredictionId id) {
    return find(id, Tries.SEVERAL);
  }

  @Override
  public LookupResult find(PredictionId id, Tries tries) {
    HttpUrl address = address(id).build();
    CallResult callResult = read(address, tries);
    if (isReportedAsFailed(callResult) && pause(settings.retries().confirmation())) {
      // The words of that report would also fit a provider that is broken for a moment.
      callResult = read(address, tries);
      if (isReportedAsFailed(callResult)) {
        String diagnostic = callResult.error().diagnostic();
        return new LookupResult.Found(
            new Prediction.Failed(id, new Failure(Failure.Code.GENERATION_FAILED, diagnostic)));
      }
    }
    Optional<Prediction> prediction = prediction(id, callResult);
    if (prediction.isPresent()) {
      return new LookupResult.Found(prediction.get());
    }
    return isUnknown(callResult) ? new LookupResult.NotFound() : unavailable("find", callResult);
  }

  /** The failure of a prediction, reported as the failure of the question. */
  private static boolean isReportedAsFailed(CallResult callResult) {
    return callResult.error().isPredictionFailed()
        && !callResult.json().orElseThrow().hasNonNull("id");
  }

  /** An unknown id is documented as 502, like much else; 404 is what one would expect. */
  private static boolean isUnknown(CallResult callResult) {
    return callResult instanceof CallResult.Answer answer
        && (answer.status() == 404 || (answer.status() == 502 && answer.json().isPresent()))
        && !answer.error().isPredictionFailed();
  }

  @Override
  public Listing list(int page) {
    return list(page, Filter.NONE);
  }

  @Override
  public Listing list(int page, Filter filter) {
    HttpUrl.Builder address =
        http.address("predictions")
            .addQueryParameter("page", String.valueOf(page))
            .addQueryParameter("per_page", String.valueOf(PAGE_SIZE));
    if (filter.succeeded()) {
      address.addQueryParameter("status", "succeeded");
    }
    filter.from().ifPresent(day -> address.addQueryParameter("from", day.toString()));
    CallResult callResult = read(address.build(), Tries.ONE, DocumentReader.LIST);
    Optional<JsonNode> list = callResult.list();
    if (list.isEmpty()) {
      return isRefusedQuestion(callResult)
          ? new Listing.Refused()
          : unavailable("list", callResult);
    }
    var entries = new ArrayList<Entry>();
    for (JsonNode item : list.get()) {
      PredictionReader.read(item)
          // To be read by itself: a list may show less of an output.
          .filter(prediction -> !(prediction instanceof Prediction.Unreadable))
          .map(
              prediction ->
                  new Entry(
                      prediction, generation(item), PredictionReader.instant(item, "created_at")))
          .ifPresent(entries::add);
    }
    JsonNode lastPage = callResult.json().orElseThrow().path("pagination").path("last_page");
    return new Listing.Page(
        entries, lastPage.isInt() ? page >= lastPage.intValue() : list.get().size() < PAGE_SIZE);
  }

  @Override
  public Cancellation cancel(PredictionId id) {
    return cancel(id, Tries.SEVERAL);
  }

  @Override
  public Cancellation cancel(PredictionId id, Tries tries) {
    HttpUrl address = address(id).addPathSegment("cancel").build();
    CallResult callResult =
        switch (tries) {
          case SEVERAL -> retrier.call(() -> http.post(address, NOTHING), SkytellsClient::isBroken);
          case ONE -> brief.post(address, NOTHING);
        };
    return callResult.isSuccess()
        ? new Cancellation.Accepted(prediction(id, callResult))
        : isRefusal(callResult) ? new Cancellation.Refused() : unavailable("cancel", callResult);
  }

  @Override
  public Deletion delete(PredictionId id) {
    CallResult callResult = delete(address(id).build());
    if (callResult instanceof CallResult.Answer answer
        && (answer.status() == 404 || answer.status() == 405)) {
      callResult = delete(address(id).addPathSegment("delete").build());
    }
    return callResult.isSuccess()
        ? new Deletion.Deleted()
        : isRefusal(callResult) ? new Deletion.Refused() : unavailable("delete", callResult);
  }

  private CallResult delete(HttpUrl address) {
    return retrier.call(() -> http.delete(address), SkytellsClient::isBroken);
  }

  /** Every model, as Skytells shows it. */
  CallResult models() {
    return read(http.address("models").build(), Tries.SEVERAL);
  }

  @Override
  public RequestLimits limits() {
    return http.limits();
  }

  /** Asks what may be asked any number of times. */
  private CallResult read(HttpUrl address, Tries tries) {
    return read(address, tries, DocumentReader.COMPLETE);
  }

  private CallResult read(HttpUrl address, Tries tries, DocumentReader reader) {
    return switch (tries) {
      case SEVERAL ->
          retrier.call(
              () -> http.get(address, reader),
              callResult ->
                  isBroken(callResult) || (callResult.isSuccess() && callResult.json().isEmpty()));
      case ONE -> brief.get(address, reader);
    };
  }

  /** Whether nothing was said that could be relied on, so that it may be different in a moment. */
  private static boolean isBroken(CallResult callResult) {
    return switch (callResult) {
      case CallResult.NotSent _, CallResult.Lost _ -> true;
      case CallResult.Answer answer ->
          answer.status() == 408
              || answer.status() == 429
              || (answer.status() >= 500 && !answer.error().isPredictionFailed());
    };
  }

  /** Whether a wish about a prediction was refused because of that prediction. */
  private static boolean isRefusal(CallResult callResult) {
    return callResult instanceof CallResult.Answer answer
        && (answer.error().isPredictionFailed() || isUnknown(answer) || isRefusedQuestion(answer));
  }

  /** Whether the request itself is at fault, not the account that sent it. */
  private static boolean isRefusedQuestion(CallResult callResult) {
    return callResult instanceof CallResult.Answer answer
        && answer.status() >= 400
        && answer.status() < 500
        && !REQUEST_INDEPENDENT_STATUSES.contains(answer.status());
  }

  /** Whether other calls would fare no better. */
  private static Unavailable.Extent extent(CallResult callResult) {
    return switch (callResult) {
      case CallResult.NotSent _ -> Unavailable.Extent.ACCOUNT;
      case CallResult.Lost _ -> Unavailable.Extent.CALL;
      case CallResult.Answer answer ->
          Set.of(401, 402, 429).contains(answer.status())
                  || answer.error().id().filter(ACCOUNT_ERROR_IDS::contains).isPresent()
              ? Unavailable.Extent.ACCOUNT
              : Unavailable.Extent.CALL;
    };
  }

  private Unavailable unavailable(String what, CallResult callResult) {
    log.warn("Skytells is not available to {}: {}", what, callResult.logged());
    return new Unavailable(extent(callResult), callResult.retryAfter());
  }

  private HttpUrl.Builder address(PredictionId id) {
    return http.address("predictions").addPathSegment(id.value());
  }

  private static Optional<Prediction> prediction(PredictionId id, CallResult callResult) {
    return callResult.isSuccess()
        ? callResult.json().flatMap(PredictionReader::read).filter(it -> it.id().equals(id))
        : Optional.empty();
  }

  private Optional<GenerationId> generation(JsonNode prediction) {
    return PredictionReader.webhook(prediction).flatMap(settings::generationAt);
  }

  private static boolean pause(Duration pause) {
    try {
      Thread.sleep(pause);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Closes what connections are idle. */
  @Override
  public void close() {
    http.close();
  }
}
