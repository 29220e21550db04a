package dev.atelier.skytells.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atelier.application.port.MutableClock;
import dev.atelier.application.port.Predictions.Cancellation;
import dev.atelier.application.port.Predictions.Deletion;
import dev.atelier.application.port.Predictions.Entry;
import dev.atelier.application.port.Predictions.Filter;
import dev.atelier.application.port.Predictions.Listing;
import dev.atelier.application.port.Predictions.LookupResult;
import dev.atelier.application.port.Predictions.Tries;
import dev.atelier.application.port.Predictions.Unavailable;
import dev.atelier.application.port.Predictions.Unavailable.Extent;
import dev.atelier.application.port.RequestLimits;
import dev.atelier.application.port.RequestLimits.Limit;
import dev.atelier.domain.Failure;
import dev.atelier.domain.GenerationId;
import dev.atelier.domain.Generations;
import dev.atelier.domain.Output;
import dev.atelier.domain.Prediction;
import dev.atelier.domain.PredictionId;
import dev.atelier.skytells.client.ScriptedServer.Request;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests polls, lists, cancels and deletes. */
class ObserveTest {
  private static final PredictionId ID = new PredictionId("pred_abc123");
  private static final String QUEUED = "{\"id\":\"pred_abc123\",\"status\":\"queued\"}";
  private static final String REPORTED_AS_FAILED =
      Fixtures.text("error-502-get-prediction-failed-unified.json");

  private final ScriptedServer server = new ScriptedServer();
  private final MutableClock clock = new MutableClock();
  private final SkytellsClient client = new SkytellsClient(Settings.of(server), clock);

  ObserveTest() throws IOException {}

  @AfterEach
  void close() {
    client.close();
    server.close();
  }

  @Test
  void aPredictionIsPolledByItsId() {
    server.next(ScriptedServer.json(200, QUEUED));

    assertThat(client.find(ID)).isEqualTo(new LookupResult.Found(new Prediction.Queued(ID)));

    Request request = server.requests().getFirst();
    assertThat(request.method() + " " + request.path())
        .isEqualTo("GET /v1/predictions/pred_abc123");
    assertThat(request.headers().get("X-api-key")).containsExactly(Settings.API_KEY);
  }

  @Test
  void aFailedPredictionMayComeWithStatus200() {
    server.next(ScriptedServer.json(200, Fixtures.text("response-failed-error-id-top-level.json")));

    assertThat(client.find(ID))
        .isEqualTo(
            new LookupResult.Found(
                new Prediction.Failed(
                    ID,
                    new Failure(
                        Failure.Code.PROVIDER_UNAVAILABLE,
                        "INSUFFICIENT_CREDITS: Your account has run out of credits."))));
    assertThat(server.requests()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 404, 500, 502})
  void aFailureReportedAsAnErrorIsAcceptedTheSecondTime(int status) {
    server.always(ScriptedServer.json(status, REPORTED_AS_FAILED));

    assertThat(client.find(ID))
        .isEqualTo(
            new LookupResult.Found(
                new Prediction.Failed(
                    ID,
                    new Failure(
                        Failure.Code.GENERATION_FAILED,
                        "PREDICTION_FAILED: Prediction serving returned an error."))));
    assertThat(server.requests()).hasSize(2);
  }

  @Test
  void aFailureReportedAsAnErrorOnlyOnceIsIgnored() {
    server.next(
        ScriptedServer.json(502, REPORTED_AS_FAILED),
        ScriptedServer.json(200, Fixtures.text("response-succeeded-output-string.json")));

    assertThat(client.find(ID))
        .isInstanceOfSatisfying(
            LookupResult.Found.class,
            found -> assertThat(found.prediction()).isInstanceOf(Prediction.Succeeded.class));
  }

  @Test
  void aFailureThatCannotBeConfirmedIsUnavailable() {
    server.next(ScriptedServer.json(502, REPORTED_AS_FAILED));
    server.always(ScriptedServer.status(503));

    assertThat(client.find(ID)).isInstanceOf(Unavailable.class);
  }

  @Test
  void anInterruptedConfirmationIsUnavailable() throws InterruptedException {
    server.always(ScriptedServer.json(502, REPORTED_AS_FAILED));
    var patient =
        new SkytellsSettings.Retries(
            Duration.ofMillis(1),
            Duration.ofMillis(5),
            Duration.ofMillis(250),
            Duration.ofMinutes(1));
    var results = new LinkedBlockingQueue<LookupResult>();
    Thread caller =
        Thread.ofPlatform()
            .start(
                () -> {
                  try (var other =
                      new SkytellsClient(Settings.of(server, patient), new MutableClock())) {
                    results.add(other.find(ID));
                  }
                });
    awaitSleep(caller);

    caller.interrupt();

    assertThat(results.poll(30, TimeUnit.SECONDS)).isInstanceOf(Unavailable.class);
    assertThat(server.requests()).hasSize(1);
  }

  @Test
  void status404Or502MeansAnUnknownPrediction() {
    server.next(ScriptedServer.status(404));
    assertThat(client.find(ID)).isEqualTo(new LookupResult.NotFound());

    server.always(ScriptedServer.json(502, "{\"status\":false,\"response\":\"not found\"}"));
    assertThat(client.find(ID)).isEqualTo(new LookupResult.NotFound());
  }

  @ParameterizedTest
  @ValueSource(ints = {408, 429, 500, 502, 503, 504})
  void transientErrorsAreRetried(int status) {
    server.next(ScriptedServer.status(status), ScriptedServer.json(200, QUEUED));

    assertThat(client.find(ID)).isInstanceOf(LookupResult.Found.class);
    assertThat(server.requests()).hasSize(2);
  }

  @Test
  void brokenResponsesAreRetried() {
    byte[] half = new byte[10];
    server.next(
        ScriptedServer.cut(),
        ScriptedServer.truncated(200, 100, half),
        ScriptedServer.reply(200, "<html>"),
        ScriptedServer.json(200, QUEUED));

    assertThat(client.find(ID)).isInstanceOf(LookupResult.Found.class);
    assertThat(server.requests()).hasSize(4);
  }

  @Test
  void retriesOfAnUnavailableSkytellsAreBounded() {
    server.always(ScriptedServer.reply(502, Fixtures.text("error-502-html-not-json.html")));

    assertThat(client.find(ID)).isEqualTo(new Unavailable(Extent.CALL, Optional.empty()));
    assertThat(server.requests()).hasSizeBetween(3, 300);
  }

  @Test
  void aLongRetryAfterEndsTheRetries() {
    server.always(ScriptedServer.reply(429, "", "Retry-After", "12"));
    var busy = new Unavailable(Extent.ACCOUNT, Optional.of(Duration.ofSeconds(12)));

    assertThat(client.find(ID)).isEqualTo(busy);
    assertThat(client.list(1)).isEqualTo(busy);
    assertThat(client.cancel(ID)).isEqualTo(busy);
    assertThat(client.delete(ID)).isEqualTo(busy);
    assertThat(server.requests()).hasSize(4);
  }

  @Test
  void aSingleTryIsNotRetried() {
    server.always(ScriptedServer.status(503));
    var failed = new Unavailable(Extent.CALL, Optional.empty());

    assertThat(client.find(ID, Tries.ONE)).isEqualTo(failed);
    assertThat(client.cancel(ID, Tries.ONE)).isEqualTo(failed);
    assertThat(client.list(1)).isEqualTo(failed);
    assertThat(server.requests()).hasSize(3);
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 404, 405, 422})
  void aRefusedListIsReportedAsRefused(int status) {
    server.always(ScriptedServer.json(status, Fixtures.text("error-422-validation-unified.json")));

    assertThat(client.list(1, Filter.SUCCEEDED)).isEqualTo(new Listing.Refused());
  }

  @Test
  void filtersAreSentUnderTheirDocumentedNames() {
    server.always(ScriptedServer.json(200, "[]"));

    client.list(1, Filter.SUCCEEDED);
    client.list(2, Filter.from(LocalDate.of(2026, 11, 20)));

    assertThat(server.requests())
        .extracting(Request::query)
        .containsExactly(
            "page=1&per_page=50&status=succeeded", "page=2&per_page=50&from=2026-11-20");
  }

  @Test
  void anErrorOfOneCallDoesNotAffectTheAccount() {
    for (int status : List.of(301, 408, 500, 503)) {
      server.always(ScriptedServer.status(status));
      assertThat(client.find(ID, Tries.ONE))
          .as("%s", status)
          .isEqualTo(new Unavailable(Extent.CALL, Optional.empty()));
    }
    server.always(ScriptedServer.cut());
    assertThat(client.find(ID, Tries.ONE))
        .isEqualTo(new Unavailable(Extent.CALL, Optional.empty()));
  }

  @Test
  void aFailedConnectionAffectsTheAccount() {
    server.close();

    assertThat(client.find(ID, Tries.ONE))
        .isEqualTo(new Unavailable(Extent.ACCOUNT, Optional.empty()));
  }

  @Test
  void theRateLimitIsReadFromEitherFamilyOfHeaders() {
    assertThat(client.limits()).isEqualTo(RequestLimits.UNKNOWN);

    assertThat(limitAfter(Fixtures.headers("headers-2xx-ratelimit-current.json")))
        .contains(new Limit(25, 24, Duration.ofMinutes(1), clock.instant()));
    assertThat(limitAfter(Fixtures.headers("headers-2xx-ratelimit-legacy.json")))
        .contains(new Limit(60, 47, Duration.ofMinutes(1), clock.instant()));
    assertThat(
            limitAfter(
                "x-skytells-ratelimit-limit-requests", "10",
                "x-skytells-ratelimit-remaining-requests", "-",
                "x-skytells-ratelimit-window", "5",
                "X-RateLimit-Limit-RPM", "60"))
        .contains(new Limit(10, 10, Duration.ofSeconds(5), clock.instant()));
    assertThat(
            limitAfter(
                "x-skytells-ratelimit-limit-requests", "-",
                "X-RateLimit-Limit-RPM", "75",
                "X-RateLimit-Remaining-RPM", "3"))
        .contains(new Limit(75, 3, Duration.ofMinutes(1), clock.instant()));
  }

  @Test
  void aResponseWithoutALimitKeepsTheLatest() {
    Optional<Limit> latest = limitAfter(Fixtures.headers("headers-2xx-ratelimit-current.json"));

    assertThat(limitAfter()).isEqualTo(latest);
    assertThat(limitAfter("x-skytells-ratelimit-limit-requests", "-")).isEqualTo(latest);
    assertThat(limitAfter("x-skytells-ratelimit-limit-requests", "many")).isEqualTo(latest);
    assertThat(limitAfter("X-RateLimit-Limit-RPM", "0")).isEqualTo(latest);
  }

  @Test
  void theTimeOfA429IsRecorded() {
    server.always(ScriptedServer.reply(429, "", "Retry-After", "12"));

    client.find(ID, Tries.ONE);

    assertThat(client.limits().refusedAt()).contains(clock.instant());
  }

  private Optional<Limit> limitAfter(String... headers) {
    server.always(ScriptedServer.reply(200, QUEUED, headers));
    client.find(ID, Tries.ONE);
    return client.limits().latest();
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 401, 402, 403})
  void anErrorOfTheAccountSaysNothingAboutThePrediction(int status) {
    server.always(ScriptedServer.json(status, Fixtures.text("error-401-unified-envelope.json")));
    var unavailable = new Unavailable(Extent.ACCOUNT, Optional.empty());

    assertThat(client.find(ID)).isEqualTo(unavailable);
    assertThat(client.list(1)).isEqualTo(unavailable);
    assertThat(client.cancel(ID)).isEqualTo(unavailable);
    assertThat(client.delete(ID)).isEqualTo(unavailable);
    assertThat(server.requests()).hasSize(4);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"{\"id\":\"another\",\"status\":\"failed\"}", "[]", "{}", "{\"status\":false}"})
  void aResponseAboutAnotherPredictionIsUnavailable(String body) {
    server.always(ScriptedServer.json(200, body));

    assertThat(client.find(ID)).isEqualTo(new Unavailable(Extent.CALL, Optional.empty()));
  }

  @Test
  void aListMayBeABareArray() {
    server.next(ScriptedServer.json(200, Fixtures.text("response-list-bare-array.json")));

    assertThat(client.list(3))
        .isEqualTo(
            new Listing.Page(
                List.of(
                    new Entry(
                        new Prediction.Succeeded(
                            ID,
                            List.of(new Output("https://cdn.skytells.ai/outputs/pred_abc123.png")),
                            Optional.of(Instant.parse("2026-03-07T12:00:05Z"))),
                        Optional.empty(),
                        Optional.of(Instant.parse("2026-03-07T12:00:00Z")))),
                true));
    assertThat(server.requests().getFirst().path()).isEqualTo("/v1/predictions");
    assertThat(server.requests().getFirst().query()).isEqualTo("page=3&per_page=50");
  }

  @Test
  void aFullPageWithoutPagingIsNotTheLast() {
    server.next(
        ScriptedServer.json(200, "[" + String.join(",", Collections.nCopies(50, QUEUED)) + "]"),
        ScriptedServer.json(200, "[]"));

    assertThat(((Listing.Page) client.list(1)).last()).isFalse();
    assertThat(((Listing.Page) client.list(2)).last()).isTrue();
  }

  @Test
  void aListMayHavePaging() {
    server.always(
        ScriptedServer.json(200, "{\"data\":[" + QUEUED + "],\"pagination\":{\"last_page\":2}}"));

    assertThat(((Listing.Page) client.list(1)).last()).isFalse();
    assertThat(((Listing.Page) client.list(2)).last()).isTrue();
  }

  @Test
  void anEntryNamesTheGenerationOfItsWebhook() {
    GenerationId id = Generations.submitting().id();
    String ours = Settings.APP_URL + "/api/webhooks/skytells/" + id;
    String theirs = "https://elsewhere.example/api/webhooks/skytells/" + id;
    server.next(
        ScriptedServer.json(
            200,
            "["
                + String.join(
                    ",",
                    echoing("\"" + ours + "\""),
                    echoing("{\"url\":\"" + ours + "\",\"events\":[]}"),
                    echoing("{\"url\":\"" + theirs + "\"}"),
                    echoing("{\"url\":null}"),
                    echoing("null"))
                + "]"));

    assertThat(((Listing.Page) client.list(1)).entries())
        .extracting(Entry::generation)
        .containsExactly(
            Optional.of(id), Optional.of(id), Optional.empty(), Optional.empty(), Optional.empty());
  }

  @Test
  void anUnreadableEntryIsSkipped() {
    server.next(ScriptedServer.json(200, "[7,{\"status\":\"queued\"},null," + QUEUED + "]"));

    assertThat(((Listing.Page) client.list(1)).entries()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{\"data\":{}}", "\"x\"", "{\"status\":false}"})
  void aResponseWithoutAListIsUnavailable(String body) {
    server.next(ScriptedServer.json(200, body));

    assertThat(client.list(1)).isInstanceOf(Unavailable.class);
  }

  @Test
  void aPredictionIsCanceledByItsId() {
    server.next(
        ScriptedServer.json(200, Fixtures.text("response-cancel-endpoint-success.json")),
        ScriptedServer.json(202, QUEUED),
        ScriptedServer.status(204));

    assertThat(client.cancel(ID)).isEqualTo(new Cancellation.Accepted(Optional.empty()));
    assertThat(client.cancel(ID))
        .isEqualTo(new Cancellation.Accepted(Optional.of(new Prediction.Queued(ID))));
    assertThat(client.cancel(ID)).isEqualTo(new Cancellation.Accepted(Optional.empty()));
    assertThat(server.requests())
        .extracting(request -> request.method() + " " + request.path())
        .containsOnly("POST /v1/predictions/pred_abc123/cancel");
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 404, 409, 422})
  void aRefusedCancelIsReportedAsRefused(int status) {
    server.next(ScriptedServer.status(status));

    assertThat(client.cancel(ID)).isEqualTo(new Cancellation.Refused());
  }

  @Test
  void cancelingAFailedPredictionIsRefused() {
    server.next(ScriptedServer.json(502, REPORTED_AS_FAILED));

    assertThat(client.cancel(ID)).isEqualTo(new Cancellation.Refused());
  }

  @Test
  void cancelingOrDeletingAnUnknownPredictionIsRefused() {
    server.always(ScriptedServer.json(502, "{\"status\":false,\"response\":\"not found\"}"));

    assertThat(client.cancel(ID)).isEqualTo(new Cancellation.Refused());
    assertThat(client.delete(ID)).isEqualTo(new Deletion.Refused());
  }

  @Test
  void cancelIsRetried() {
    server.next(ScriptedServer.cut(), ScriptedServer.status(503), ScriptedServer.json(200, "{}"));

    assertThat(client.cancel(ID)).isInstanceOf(Cancellation.Accepted.class);
    assertThat(server.requests()).hasSize(3);
  }

  @ParameterizedTest
  @ValueSource(ints = {404, 405})
  void deletionFallsBackToTheOtherRoute(int status) {
    server.next(
        ScriptedServer.status(status),
        ScriptedServer.json(200, Fixtures.text("response-delete-endpoint-success.json")));

    assertThat(client.delete(ID)).isEqualTo(new Deletion.Deleted());
    assertThat(server.requests())
        .extracting(request -> request.method() + " " + request.path())
        .containsExactly(
            "DELETE /v1/predictions/pred_abc123", "DELETE /v1/predictions/pred_abc123/delete");
  }

  @Test
  void deletionFallsBackOnlyOnce() {
    server.always(ScriptedServer.status(404));

    assertThat(client.delete(ID)).isEqualTo(new Deletion.Refused());
    assertThat(server.requests()).hasSize(2);
  }

  @Test
  void aDeletionMayHaveNoBody() {
    server.next(ScriptedServer.status(204));

    assertThat(client.delete(ID)).isEqualTo(new Deletion.Deleted());
    assertThat(server.requests()).hasSize(1);
  }

  private static void awaitSleep(Thread thread) {
    long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (Arrays.stream(thread.getStackTrace())
        .noneMatch(frame -> frame.getMethodName().equals("sleep"))) {
      assertThat(System.nanoTime()).as("the thread does not sleep").isLessThan(end);
      Thread.onSpinWait();
    }
  }

  private static String echoing(String webhook) {
    return "{\"id\":\"p\",\"status\":\"queued\",\"webhook\":" + webhook + "}";
  }
}
