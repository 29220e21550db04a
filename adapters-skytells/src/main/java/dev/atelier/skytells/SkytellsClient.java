package dev.atelier.skytells;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atelier.application.port.Predictions;
import dev.atelier.application.port.RequestLimits;
import dev.atelier.domain.Failure;
import dev.atelier.domain.GenerationId;
import dev.atelier.domain.GenerationRequest;
import dev.atelier.domain.Prediction;
import dev.atelier.domain.PredictionId;
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
  private static final Set<Integer> ABOUT_US = Set.of(401, 402, 403, 408, 429);

  /** An account that is suspended is told so with a 403, as is one that may not do one thing. */
  private static final Set<String> ABOUT_THE_ACCOUNT =
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
    Exchange exchange =
        retrier.call(() -> http.post(address, body), SubmissionReader::isRepeatable);
    Submission submission = SubmissionReader.read(exchange);
    switch (submission) {
      case Submission.Accepted _ -> checkEcho(id, exchange);
      case Submission.Refused refused -> logRefusal(id, refused.failure().code(), exchange);
      case Submission.Unconfirmed _ -> {}
    }
    return submission;
  }

  /** A bad key or spent credits stop everybody's work until the operator acts. */
  private static void logRefusal(GenerationId id, Failure.Code code, Exchange exchange) {
    log.atLevel(code == Failure.Code.PROVIDER_UNAVAILABLE ? Level.ERROR : Level.WARN)
        .log("generation {} refused as {}: {}", id, code.value(), exchange.logged());
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
  private void checkEcho(GenerationId id, Exchange exchange) {
    boolean wanted = settings.webhookStyle() != SkytellsSettings.WebhookStyle.NONE;
    Optional<JsonNode> echoing =
        exchange.json().map(PredictionReader::unwrap).filter(it -> it.has("webhook"));
    if (wanted
        && echoing.isPresent()
        && !echoing.flatMap(this::generation).equals(Optional.of(id))) {
      log.warn("generation {}: Skytells did not take our webhook address; it must be polled", id);
    }
  }

  @Override
  public Sighting find(PredictionId id) {
    return find(id, Tries.SEVERAL);
  }

  @Override
  public Sighting find(PredictionId id, Tries tries) {
    HttpUrl address = address(id).build();
    Exchange exchange = read(address, tries);
    if (isReportedAsFailed(exchange) && isAwake(settings.retries().confirmation())) {
      // The words of that report would also fit a provider that is broken for a moment.
      exchange = read(address, tries);
      if (isReportedAsFailed(exchange)) {
        String diagnostic = exchange.error().diagnostic();
        return new Sighting.Seen(
            new Prediction.Failed(id, new Failure(Failure.Code.GENERATION_FAILED, diagnostic)));
      }
    }
    Optional<Prediction> prediction = prediction(id, exchange);
    if (prediction.isPresent()) {
      return new Sighting.Seen(prediction.get());
    }
    return isUnknown(exchange) ? new Sighting.Unknown() : unavailable("find", exchange);
  }

  /** The failure of a prediction, reported as the failure of the question. */
  private static boolean isReportedAsFailed(Exchange exchange) {
    return exchange.error().isPredictionFailed() && !exchange.json().orElseThrow().hasNonNull("id");
  }

  /** An unknown id is documented as 502, like much else; 404 is what one would expect. */
  private static boolean isUnknown(Exchange exchange) {
    return exchange instanceof Exchange.Answer answer
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
    Exchange exchange = read(address.build(), Tries.ONE, DocumentReader.LIST);
    Optional<JsonNode> list = exchange.list();
    if (list.isEmpty()) {
      return isRefusedQuestion(exchange) ? new Listing.Refused() : unavailable("list", exchange);
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
    JsonNode lastPage = exchange.json().orElseThrow().path("pagination").path("last_page");
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
    Exchange exchange =
        switch (tries) {
          case SEVERAL -> retrier.call(() -> http.post(address, NOTHING), SkytellsClient::isBroken);
          case ONE -> brief.post(address, NOTHING);
        };
    return exchange.isSuccess()
        ? new Cancellation.Accepted(prediction(id, exchange))
        : isRefusal(exchange) ? new Cancellation.Refused() : unavailable("cancel", exchange);
  }

  @Override
  public Deletion delete(PredictionId id) {
    Exchange exchange = delete(address(id).build());
    if (exchange instanceof Exchange.Answer answer
        && (answer.status() == 404 || answer.status() == 405)) {
      exchange = delete(address(id).addPathSegment("delete").build());
    }
    return exchange.isSuccess()
        ? new Deletion.Deleted()
        : isRefusal(exchange) ? new Deletion.Refused() : unavailable("delete", exchange);
  }

  private Exchange delete(HttpUrl address) {
    return retrier.call(() -> http.delete(address), SkytellsClient::isBroken);
  }

  /** Every model, as Skytells shows it. */
  Exchange models() {
    return read(http.address("models").build(), Tries.SEVERAL);
  }

  @Override
  public RequestLimits limits() {
    return http.limits();
  }

  /** Asks what may be asked any number of times. */
  private Exchange read(HttpUrl address, Tries tries) {
    return read(address, tries, DocumentReader.WHOLE);
  }

  private Exchange read(HttpUrl address, Tries tries, DocumentReader reader) {
    return switch (tries) {
      case SEVERAL ->
          retrier.call(
              () -> http.get(address, reader),
              exchange ->
                  isBroken(exchange) || (exchange.isSuccess() && exchange.json().isEmpty()));
      case ONE -> brief.get(address, reader);
    };
  }

  /** Whether nothing was said that could be relied on, so that it may be different in a moment. */
  private static boolean isBroken(Exchange exchange) {
    return switch (exchange) {
      case Exchange.NotSent _, Exchange.Lost _ -> true;
      case Exchange.Answer answer ->
          answer.status() == 408
              || answer.status() == 429
              || (answer.status() >= 500 && !answer.error().isPredictionFailed());
    };
  }

  /** Whether a wish about a prediction was refused because of that prediction. */
  private static boolean isRefusal(Exchange exchange) {
    return exchange instanceof Exchange.Answer answer
        && (answer.error().isPredictionFailed() || isUnknown(answer) || isRefusedQuestion(answer));
  }

  /** Whether the request itself is at fault, not the account that sent it. */
  private static boolean isRefusedQuestion(Exchange exchange) {
    return exchange instanceof Exchange.Answer answer
        && answer.status() >= 400
        && answer.status() < 500
        && !ABOUT_US.contains(answer.status());
  }

  /** Whether other calls would fare no better. */
  private static Unavailable.Extent extent(Exchange exchange) {
    return switch (exchange) {
      case Exchange.NotSent _ -> Unavailable.Extent.ACCOUNT;
      case Exchange.Lost _ -> Unavailable.Extent.CALL;
      case Exchange.Answer answer ->
          Set.of(401, 402, 429).contains(answer.status())
                  || answer.error().id().filter(ABOUT_THE_ACCOUNT::contains).isPresent()
              ? Unavailable.Extent.ACCOUNT
              : Unavailable.Extent.CALL;
    };
  }

  private Unavailable unavailable(String what, Exchange exchange) {
    log.warn("Skytells is not available to {}: {}", what, exchange.logged());
    return new Unavailable(extent(exchange), exchange.retryAfter());
  }

  private HttpUrl.Builder address(PredictionId id) {
    return http.address("predictions").addPathSegment(id.value());
  }

  private static Optional<Prediction> prediction(PredictionId id, Exchange exchange) {
    return exchange.isSuccess()
        ? exchange.json().flatMap(PredictionReader::read).filter(it -> it.id().equals(id))
        : Optional.empty();
  }

  private Optional<GenerationId> generation(JsonNode prediction) {
    return PredictionReader.webhook(prediction).flatMap(settings::generationAt);
  }

  private static boolean isAwake(Duration pause) {
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
