package dev.atelier.skytells.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atelier.application.port.Predictions;
import dev.atelier.application.port.RequestLimits;
import dev.atelier.domain.Failure;
import dev.atelier.domain.GenerationId;
import dev.atelier.domain.Model;
import dev.atelier.domain.ModelInput;
import dev.atelier.domain.Prediction;
import dev.atelier.domain.PredictionId;
import dev.atelier.skytells.json.DocumentReader;
import dev.atelier.skytells.json.SkytellsJson;
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

/** Client of Skytells' predictions API. Thread-safe. */
public final class SkytellsClient implements Predictions, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(SkytellsClient.class);

  /** Skytells' maximum. */
  private static final int PAGE_SIZE = 50;

  /** About the API key, the credits or the request rate. */
  private static final Set<Integer> REQUEST_INDEPENDENT_STATUSES = Set.of(401, 402, 403, 408, 429);

  /** May come with 403, which also means a single forbidden operation. */
  private static final Set<String> ACCOUNT_ERROR_IDS =
      Set.of("ACCOUNT_SUSPENDED", "UNAUTHORIZED", "INSUFFICIENT_CREDITS", "PAYMENT_REQUIRED");

  /** Short, because the caller has more calls to make. */
  private static final Duration SINGLE_TRY_TIMEOUT = Duration.ofSeconds(8);

  private static final byte[] EMPTY_OBJECT = SkytellsJson.write(SkytellsJson.object());

  private final SkytellsSettings settings;
  private final SkytellsHttp http;
  private final SkytellsHttp singleTryHttp;
  private final Retrier retrier;

  public SkytellsClient(SkytellsSettings settings, Clock clock) {
    this(settings, clock, SkytellsHttp.client(settings));
  }

  SkytellsClient(SkytellsSettings settings, Clock clock, OkHttpClient client) {
    this.settings = settings;
    this.http = new SkytellsHttp(client, settings, clock);
    this.singleTryHttp =
        http.withTimeout(
            SINGLE_TRY_TIMEOUT.compareTo(settings.timeouts().call()) < 0
                ? SINGLE_TRY_TIMEOUT
                : settings.timeouts().call(),
            settings);
    this.retrier = new Retrier(settings.retries());
  }

  @Override
  public Submission submit(GenerationId id, Model model, ModelInput input) {
    HttpUrl address = http.address("predictions").build();
    byte[] body = SkytellsJson.write(createBody(id, model, input));
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

  /** ERROR if all work stops until the operator acts. */
  private static void logRefusal(GenerationId id, Failure.Code code, CallResult callResult) {
    log.atLevel(code == Failure.Code.PROVIDER_UNAVAILABLE ? Level.ERROR : Level.WARN)
        .log("create refused: generation={} code={} {}", id, code.value(), callResult.summary());
  }

  private ObjectNode createBody(GenerationId id, Model model, ModelInput input) {
    ObjectNode body = SkytellsJson.object().put("model", model.slug());
    body.set("input", SkytellsJson.toTree(input.values()));
    switch (settings.webhookStyle()) {
      case STRING -> {
        body.put("webhook", settings.webhookAddress(id));
        // In this form "completed" means any end; in the other form only success.
        body.putArray("webhook_events_filter").add("completed");
      }
      case OBJECT -> {
        ObjectNode webhook = body.putObject("webhook").put("url", settings.webhookAddress(id));
        webhook.putArray("events").add("completed").add("failed").add("canceled");
      }
      case NONE -> {}
    }
    return body;
  }

  /** If the response echoes another webhook than ours, none will be sent. */
  private void checkEcho(GenerationId id, CallResult callResult) {
    boolean requested = settings.webhookStyle() != SkytellsSettings.WebhookStyle.NONE;
    Optional<JsonNode> echo =
        callResult
            .json()
            .map(PredictionReader::unwrap)
            .filter(prediction -> prediction.has("webhook"));
    if (requested && echo.isPresent() && !echo.flatMap(this::generation).equals(Optional.of(id))) {
      log.warn("webhook not registered, polling instead: generation={}", id);
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
    if (isFailureReportedAsError(callResult) && sleep(settings.retries().confirmation())) {
      // A transient outage may produce the same error, so ask once more.
      callResult = read(address, tries);
      if (isFailureReportedAsError(callResult)) {
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

  /** Skytells reports some failed predictions as a 502 error instead of a prediction. */
  private static boolean isFailureReportedAsError(CallResult callResult) {
    return callResult.error().isPredictionFailed()
        && !callResult.json().orElseThrow().hasNonNull("id");
  }

  /** Documented as 502; 404 is accepted too. */
  private static boolean isUnknown(CallResult callResult) {
    return callResult instanceof CallResult.Response response
        && (response.status() == 404 || (response.status() == 502 && response.json().isPresent()))
        && !response.error().isPredictionFailed();
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
      return isInvalidRequest(callResult) ? new Listing.Refused() : unavailable("list", callResult);
    }
    var entries = new ArrayList<Entry>();
    for (JsonNode item : list.get()) {
      PredictionReader.read(item)
          // Left to a single poll: lists omit long outputs.
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
          case SEVERAL ->
              retrier.call(() -> http.post(address, EMPTY_OBJECT), SkytellsClient::isTransient);
          case ONE -> singleTryHttp.post(address, EMPTY_OBJECT);
        };
    return callResult.isSuccess()
        ? new Cancellation.Accepted(prediction(id, callResult))
        : isRefusal(callResult) ? new Cancellation.Refused() : unavailable("cancel", callResult);
  }

  @Override
  public Deletion delete(PredictionId id) {
    CallResult callResult = delete(address(id).build());
    if (callResult instanceof CallResult.Response response
        && (response.status() == 404 || response.status() == 405)) {
      callResult = delete(address(id).addPathSegment("delete").build());
    }
    return callResult.isSuccess()
        ? new Deletion.Deleted()
        : isRefusal(callResult) ? new Deletion.Refused() : unavailable("delete", callResult);
  }

  private CallResult delete(HttpUrl address) {
    return retrier.call(() -> http.delete(address), SkytellsClient::isTransient);
  }

  /** Lists the models with their schemas. */
  CallResult models() {
    return read(withSchemas(http.address("models")), Tries.ONE);
  }

  /** Reads a model with its schemas. */
  CallResult model(String slug) {
    return read(withSchemas(http.address("models").addPathSegment(slug)), Tries.ONE);
  }

  private static HttpUrl withSchemas(HttpUrl.Builder address) {
    return address.addEncodedQueryParameter("fields", "input_schema,output_schema").build();
  }

  @Override
  public RequestLimits limits() {
    return http.limits();
  }

  private CallResult read(HttpUrl address, Tries tries) {
    return read(address, tries, DocumentReader.COMPLETE);
  }

  private CallResult read(HttpUrl address, Tries tries, DocumentReader reader) {
    return switch (tries) {
      case SEVERAL ->
          retrier.call(
              () -> http.get(address, reader),
              callResult ->
                  isTransient(callResult)
                      || (callResult.isSuccess() && callResult.json().isEmpty()));
      case ONE -> singleTryHttp.get(address, reader);
    };
  }

  /** Whether a retry may succeed. */
  private static boolean isTransient(CallResult callResult) {
    return switch (callResult) {
      case CallResult.NotSent _, CallResult.NoResponse _ -> true;
      case CallResult.Response response ->
          response.status() == 408
              || response.status() == 429
              || (response.status() >= 500 && !response.error().isPredictionFailed());
    };
  }

  private static boolean isRefusal(CallResult callResult) {
    return callResult instanceof CallResult.Response response
        && (response.error().isPredictionFailed()
            || isUnknown(response)
            || isInvalidRequest(response));
  }

  private static boolean isInvalidRequest(CallResult callResult) {
    return callResult instanceof CallResult.Response response
        && response.status() >= 400
        && response.status() < 500
        && !REQUEST_INDEPENDENT_STATUSES.contains(response.status());
  }

  private static Unavailable.Extent extent(CallResult callResult) {
    return switch (callResult) {
      case CallResult.NotSent _ -> Unavailable.Extent.ACCOUNT;
      case CallResult.NoResponse _ -> Unavailable.Extent.CALL;
      case CallResult.Response response ->
          Set.of(401, 402, 429).contains(response.status())
                  || response.error().id().filter(ACCOUNT_ERROR_IDS::contains).isPresent()
              ? Unavailable.Extent.ACCOUNT
              : Unavailable.Extent.CALL;
    };
  }

  private Unavailable unavailable(String operation, CallResult callResult) {
    log.warn("Skytells unavailable: operation={} {}", operation, callResult.summary());
    return new Unavailable(extent(callResult), callResult.retryAfter());
  }

  private HttpUrl.Builder address(PredictionId id) {
    return http.address("predictions").addPathSegment(id.value());
  }

  private static Optional<Prediction> prediction(PredictionId id, CallResult callResult) {
    return callResult.isSuccess()
        ? callResult
            .json()
            .flatMap(PredictionReader::read)
            .filter(prediction -> prediction.id().equals(id))
        : Optional.empty();
  }

  private Optional<GenerationId> generation(JsonNode prediction) {
    return PredictionReader.webhook(prediction).flatMap(settings::generationAt);
  }

  private static boolean sleep(Duration duration) {
    try {
      Thread.sleep(duration);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  @Override
  public void close() {
    http.close();
  }
}
