package dev.atelier.application.webhook;

import static dev.atelier.application.InMemoryAtelier.prediction;
import static dev.atelier.application.InMemoryAtelier.succeeded;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atelier.application.InMemoryAtelier;
import dev.atelier.application.Pictures;
import dev.atelier.application.generate.CreateGeneration;
import dev.atelier.application.port.BreakingInputStream;
import dev.atelier.application.port.FakeWebhooks;
import dev.atelier.application.port.Generations.Insertion;
import dev.atelier.application.port.InMemorySkytells;
import dev.atelier.application.port.ModelCatalog.Offer;
import dev.atelier.application.port.Outputs;
import dev.atelier.application.port.Predictions.Submission;
import dev.atelier.application.port.UnavailableException;
import dev.atelier.application.webhook.HandleWebhook.Command;
import dev.atelier.application.webhook.HandleWebhook.Result;
import dev.atelier.domain.Asset;
import dev.atelier.domain.Billed;
import dev.atelier.domain.BlobKey;
import dev.atelier.domain.Cost;
import dev.atelier.domain.Failure;
import dev.atelier.domain.Generation;
import dev.atelier.domain.GenerationId;
import dev.atelier.domain.Generations;
import dev.atelier.domain.MediaType;
import dev.atelier.domain.Output;
import dev.atelier.domain.Prediction;
import dev.atelier.domain.PredictionId;
import dev.atelier.domain.Price;
import dev.atelier.domain.Quantity;
import dev.atelier.domain.State;
import dev.atelier.domain.UserId;
import java.io.ByteArrayInputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class HandleWebhookServiceTest {
  private static final UserId OWNER = new UserId("ada");

  @AutoClose private final InMemoryAtelier atelier = new InMemoryAtelier();

  @Test
  void storesTheOutputsBeforeItResponds() {
    Generation generation = atelier.generate(OWNER);
    Output output = atelier.skytells.addOutput(Pictures.PNG);

    assertThat(atelier.webhook(generation, succeeded(generation, output)))
        .isEqualTo(Result.RECEIVED);

    assertThat(atelier.current(generation).state())
        .isInstanceOfSatisfying(
            State.Succeeded.class,
            state -> {
              assertThat(state.assets()).hasSize(1);
              assertThat(state.assets().getFirst().bytes()).isEqualTo(Pictures.PNG.length);
            });
  }

  @Test
  void asksForTheBillThatAWebhookDoesNotContain() {
    atelier.models.add(
        new Offer(
            Generations.VIDEO_MODEL,
            "",
            "",
            true,
            Optional.of(new Price(new BigDecimal("0.10"), "USD", "second")),
            Optional.empty()));
    var result =
        atelier.createGeneration.create(
            InMemoryAtelier.command(
                OWNER, "a wave", Optional.of("truefusion-video-pro"), Optional.empty()));
    Generation generation = ((CreateGeneration.Result.Accepted) result).generation();
    Output output = atelier.skytells.addOutput(Pictures.PNG);
    var billed = new Billed(Optional.of(new BigDecimal("0.80")), Quantity.UNKNOWN);
    PredictionId id = InMemoryAtelier.prediction(generation);
    atelier.skytells.set(new Prediction.Succeeded(id, List.of(output), Optional.empty(), billed));
    assertThat(generation.cost()).as("the length is unknown").isEmpty();

    atelier.webhook(generation, succeeded(generation, output));
    atelier.awaitIdle();

    assertThat(atelier.current(generation).cost())
        .contains(new Cost(new BigDecimal("0.8"), "USD", false));
    atelier.assertSucceeded(generation);
  }

  @Test
  void asksForNoBillIfThePriceIsPerOutput() {
    Generation generation = atelier.generate(OWNER);
    int calls = atelier.skytells.calls();

    atelier.webhook(generation, succeeded(generation, atelier.skytells.addOutput(Pictures.PNG)));
    atelier.awaitIdle();

    assertThat(atelier.skytells.calls()).isEqualTo(calls);
    assertThat(atelier.current(generation).cost().orElseThrow().estimated()).isFalse();
  }

  @Test
  void asksToResendAWebhookForAnUnreadableGeneration() {
    Generation generation = atelier.generate(OWNER);
    Prediction succeeded = succeeded(generation, atelier.skytells.addOutput(Pictures.PNG));
    atelier.generations.makeUnreadable(generation.id());

    assertThat(atelier.webhook(generation, succeeded)).isEqualTo(Result.NOT_RECORDED);
    assertThat(atelier.webhook(Optional.empty(), succeeded)).isEqualTo(Result.NOT_RECORDED);

    atelier.generations.makeReadable(generation.id());
    assertThat(atelier.webhook(generation, succeeded)).isEqualTo(Result.RECEIVED);
    atelier.assertSucceeded(generation);
  }

  @Test
  void storesOutputsInOrder() {
    Generation generation = atelier.generate(OWNER);
    Output first = atelier.skytells.addOutput(Pictures.PNG);
    Output second = atelier.skytells.addOutput(Pictures.PNG);

    atelier.webhook(generation, succeeded(generation, first, second));

    assertThat(atelier.current(generation).state().storedAssets())
        .extracting(asset -> asset.key().value())
        .containsExactly(
            "generations/" + generation.id() + "/0.png",
            "generations/" + generation.id() + "/1.png");
  }

  @Test
  void aRepeatedWebhookDownloadsOnce() {
    Generation generation = atelier.generate(OWNER);
    Output output = atelier.skytells.addOutput(Pictures.PNG);

    atelier.webhook(generation, succeeded(generation, output));
    Generation stored = atelier.current(generation);

    assertThat(atelier.webhook(generation, succeeded(generation, output)))
        .isEqualTo(Result.RECEIVED);
    assertThat(atelier.current(generation)).isEqualTo(stored);
    assertThat(atelier.skytells.fetched()).containsExactly(output);
  }

  @Test
  void concurrentWebhooksStoreOnce() throws Exception {
    Generation generation = atelier.generate(OWNER);
    Output output = atelier.skytells.addOutput(Pictures.PNG);
    Prediction succeeded = succeeded(generation, output);
    List<Callable<Result>> calls = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      calls.add(() -> atelier.webhook(generation, succeeded));
    }

    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Result> call : threads.invokeAll(calls)) {
        assertThat(call.get()).isEqualTo(Result.RECEIVED);
      }
    }

    assertThat(atelier.skytells.fetched()).containsExactly(output);
    atelier.assertSucceeded(generation);
  }

  @Test
  void aWebhookBeforeTheCreateResponseFindsItsRow() {
    Output output = atelier.skytells.addOutput(Pictures.PNG);
    atelier.skytells.sellNext(
        id -> {
          GenerationId generation =
              GenerationId.parse(id.value().substring("pred_".length())).orElseThrow();
          atelier.webhook(
              Optional.of(generation),
              new Prediction.Succeeded(id, List.of(output), Optional.empty()));
          return new Submission.Accepted(new Prediction.Queued(id));
        });

    assertThat(atelier.generate(OWNER).state()).isInstanceOf(State.Succeeded.class);
  }

  @Test
  void aWebhookConfirmsAnUnconfirmedSubmission() {
    Generation submitted = Generations.begun(OWNER);
    assertThat(atelier.generations.insert(submitted, Optional.empty(), 10))
        .isEqualTo(new Insertion.Inserted());
    var prediction = new PredictionId("pred_unconfirmed");

    atelier.webhook(submitted, new Prediction.Processing(prediction));

    assertThat(atelier.current(submitted).state()).isEqualTo(new State.Processing(prediction));
  }

  @Test
  void findsTheGenerationByItsPredictionIfTheUrlNamesNone() {
    Generation generation = atelier.generate(OWNER);

    atelier.webhook(Optional.empty(), new Prediction.Canceled(prediction(generation)));

    assertThat(atelier.current(generation).state()).isInstanceOf(State.Canceled.class);
  }

  @Test
  void aWebhookCannotBeReplayedOntoAnotherGeneration() {
    Generation paid = atelier.generate(OWNER);
    Generation other = Generations.begun(OWNER);
    assertThat(atelier.generations.insert(other, Optional.empty(), 10))
        .isEqualTo(new Insertion.Inserted());

    assertThat(atelier.webhook(other, new Prediction.Processing(prediction(paid))))
        .isEqualTo(Result.RECEIVED);

    assertThat(atelier.current(other)).isEqualTo(other);
  }

  @Test
  void acceptsAWebhookForAnUnknownGeneration() {
    Generation unknown = Generations.submitting();

    assertThat(atelier.webhook(unknown, new Prediction.Queued(new PredictionId("pred_x"))))
        .isEqualTo(Result.RECEIVED);
  }

  @Test
  void aFailedPredictionFailsItsGenerationWithTheReason() {
    Generation generation = atelier.generate(OWNER);
    Failure failure = Generations.failure();

    atelier.webhook(generation, new Prediction.Failed(prediction(generation), failure));

    assertThat(atelier.current(generation).state())
        .isEqualTo(
            new State.Failed(
                Optional.of(prediction(generation)), failure, List.of(), atelier.clock.instant()));
  }

  @Test
  void anEndedGenerationFreesQuota() {
    for (int i = 0; i < 3 * InMemoryAtelier.ACTIVE_LIMIT; i++) {
      Generation generation = atelier.generate(OWNER);
      atelier.webhook(generation, new Prediction.Canceled(prediction(generation)));
    }
  }

  @Test
  void rejectsABadSignature() {
    Generation generation = atelier.generate(OWNER);
    byte[] body = atelier.webhooks.saying(new Prediction.Canceled(prediction(generation)));
    Optional<GenerationId> id = Optional.of(generation.id());

    assertThat(
            atelier.handleWebhook.handle(
                new Command(id, new ByteArrayInputStream(body), Optional.empty())))
        .isEqualTo(Result.BAD_SIGNATURE);
    assertThat(
            atelier.handleWebhook.handle(
                new Command(id, new ByteArrayInputStream(body), Optional.of("forged"))))
        .isEqualTo(Result.BAD_SIGNATURE);
    assertThat(atelier.current(generation)).isEqualTo(generation);
  }

  @Test
  void aSignedBodyThatIsNotAPredictionIsUnreadable() {
    assertThat(
            atelier.handleWebhook.handle(
                new Command(
                    Optional.empty(),
                    new ByteArrayInputStream(new byte[] {'{'}),
                    FakeWebhooks.SIGNATURE)))
        .isEqualTo(Result.UNREADABLE);
  }

  @Test
  void isUnavailableWithoutADatabase() {
    Generation generation = atelier.generate(OWNER);
    atelier.generations.breakDown(true);

    assertThatThrownBy(
            () -> atelier.webhook(generation, new Prediction.Processing(prediction(generation))))
        .isInstanceOf(UnavailableException.class);
  }

  @Test
  void spoolsTheOutputWithoutTheBlobStore() {
    Generation generation = atelier.generate(OWNER);
    Output output = atelier.skytells.addOutput(Pictures.PNG);
    atelier.blobs.breakDown(true);

    atelier.webhook(generation, succeeded(generation, output));

    atelier.assertSucceeded(generation);
    assertThat(atelier.spool.size()).isEqualTo(1);
    assertThat(atelier.skytells.fetched()).containsExactly(output, output);
  }

  @Test
  void retriesTheOutputWithoutBlobStoreAndSpool() {
    Generation generation = atelier.generate(OWNER);
    Output output = atelier.skytells.addOutput(Pictures.PNG);
    atelier.blobs.breakDown(true);
    atelier.spool.breakDown(true);

    atelier.webhook(generation, succeeded(generation, output));

    assertThat(atelier.current(generation).state()).isInstanceOf(State.Storing.class);
    atelier.blobs.breakDown(false);
    atelier.storeOutputs.start(atelier.current(generation), 1).join();
    atelier.assertSucceeded(generation);
  }

  @Test
  void recordsTheDimensionsOfAnImage() {
    Generation generation = atelier.generate(OWNER);

    atelier.webhook(generation, succeeded(generation, atelier.skytells.addOutput(Pictures.PNG)));

    assertThat(atelier.current(generation).state().storedAssets().getFirst().dimensions())
        .contains(Pictures.SIZE);
  }

  @Test
  void aTransientErrorPageLosesNothing() {
    Generation generation = atelier.generate(OWNER);
    var page = "<html>Bad Gateway</html>".getBytes(StandardCharsets.UTF_8);
    var bytes = new AtomicReference<>(page);
    Output output =
        atelier.skytells.addOutput(
            () -> InMemorySkytells.content(bytes.get(), new ByteArrayInputStream(bytes.get())));

    atelier.webhook(generation, succeeded(generation, output));
    for (int i = 0; i < 14; i++) {
      atelier.sweepAfter(Duration.ofSeconds(1));
      assertThat(atelier.current(generation).state()).isInstanceOf(State.Storing.class);
    }
    bytes.set(Pictures.PNG);
    atelier.sweepAfter(Duration.ofSeconds(1));

    atelier.assertSucceeded(generation);
  }

  @Test
  void rejectsAPersistentErrorPageWithinTwentySeconds() {
    assertRejectedWithinTwentySeconds(
        atelier.skytells.addOutput("<html>Bad Gateway</html>".getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void rejectsAForbiddenUrlWithinTwentySeconds() {
    assertRejectedWithinTwentySeconds(
        atelier.skytells.addOutput(() -> new Outputs.Fetch.Rejected("not public")));
  }

  private void assertRejectedWithinTwentySeconds(Output output) {
    Generation generation = atelier.generate(OWNER);
    atelier.webhook(generation, succeeded(generation, output));

    for (int second = 1; second < 15; second++) {
      atelier.sweepAfter(Duration.ofSeconds(1));
      assertThat(atelier.current(generation).state())
          .as("after %s s", second)
          .isInstanceOf(State.Storing.class);
    }
    for (int second = 15; second < 20; second++) {
      atelier.sweepAfter(Duration.ofSeconds(1));
    }

    assertThat(atelier.failureCode(generation)).isEqualTo(Failure.Code.OUTPUT_REJECTED);
    assertThat(atelier.skytells.fetched()).filteredOn(output::equals).hasSizeBetween(4, 6);
  }

  @Test
  void doesNotRejectAnUnreachableOutputAfterItsFirstErrorPage() {
    Generation generation = atelier.generate(OWNER);
    var response = new AtomicReference<Outputs.Fetch>(new Outputs.Fetch.Unavailable("503"));
    atelier.webhook(generation, succeeded(generation, atelier.skytells.addOutput(response::get)));
    atelier.sweepAfter(Duration.ofSeconds(10));
    atelier.sweepEvery(Duration.ofSeconds(15), 10);

    response.set(new Outputs.Fetch.Rejected("markup"));
    atelier.sweepAfter(Duration.ofSeconds(15));
    assertThat(atelier.current(generation).state()).isInstanceOf(State.Storing.class);

    response.set(InMemorySkytells.content(Pictures.PNG, new ByteArrayInputStream(Pictures.PNG)));
    atelier.sweepAfter(Duration.ofSeconds(15));
    atelier.assertSucceeded(generation);
  }

  @Test
  void doesNotRejectAnOutputOnTheFirstAttemptAfterALongPause() {
    Generation generation = atelier.generate(OWNER);
    Output page =
        atelier.skytells.addOutput("<html>Bad Gateway</html>".getBytes(StandardCharsets.UTF_8));

    atelier.webhook(generation, succeeded(generation, page));
    atelier.sweepAfter(Duration.ofMinutes(4));
    assertThat(atelier.current(generation).state()).isInstanceOf(State.Storing.class);

    atelier.sweepAfter(Duration.ofMinutes(1));
    assertThat(atelier.failureCode(generation)).isEqualTo(Failure.Code.OUTPUT_REJECTED);
  }

  @Test
  void repeatedWebhooksDoNotMakeARefusalFinalSooner() {
    Generation generation = atelier.generate(OWNER);
    Output forbidden = atelier.skytells.addOutput(() -> new Outputs.Fetch.Rejected("not public"));
    Prediction succeeded = succeeded(generation, forbidden);

    for (int i = 0; i < 10; i++) {
      atelier.webhook(generation, succeeded);
      atelier.sweepAfter(Duration.ofSeconds(1));
    }

    assertThat(atelier.current(generation).state()).isInstanceOf(State.Storing.class);
  }

  @Test
  void storesTextThatStaysText() {
    Generation generation = atelier.generate(OWNER);
    byte[] text = "v 0 0 0\nv 0 0 1\n".getBytes(StandardCharsets.UTF_8);
    atelier.webhook(generation, succeeded(generation, atelier.skytells.addOutput(text)));
    assertThat(atelier.current(generation).state()).isInstanceOf(State.Storing.class);

    atelier.sweepEvery(Duration.ofSeconds(1), 20);

    assertThat(atelier.current(generation).state().storedAssets())
        .singleElement()
        .satisfies(asset -> assertThat(asset.type()).isEqualTo(MediaType.TEXT));
  }

  @Test
  void storesTheImageThatReplacesAnErrorMessage() {
    Generation generation = atelier.generate(OWNER);
    var bytes = new AtomicReference<>("Bad Gateway".getBytes(StandardCharsets.UTF_8));
    Output output =
        atelier.skytells.addOutput(
            () -> InMemorySkytells.content(bytes.get(), new ByteArrayInputStream(bytes.get())));
    atelier.webhook(generation, succeeded(generation, output));

    bytes.set(Pictures.PNG);
    atelier.sweepAfter(Duration.ofSeconds(2));

    assertThat(atelier.current(generation).state().storedAssets())
        .singleElement()
        .satisfies(asset -> assertThat(asset.type()).isEqualTo(MediaType.PNG));
  }

  @Test
  void rejectsATooLargeOutputAtOnce() {
    Generation generation = atelier.generate(OWNER);
    Output large =
        atelier.skytells.addOutput(
            () ->
                InMemorySkytells.content(
                    Pictures.PNG,
                    new BreakingInputStream(
                        Pictures.PNG, new Outputs.RejectedException("too large"))));

    atelier.webhook(generation, succeeded(generation, large));

    assertThat(atelier.failureCode(generation)).isEqualTo(Failure.Code.OUTPUT_REJECTED);
  }

  @Test
  void aMissingOutputIsLostOnlyAfterItsExpiry() {
    Generation generation = atelier.generate(OWNER);

    atelier.webhook(
        generation, succeeded(generation, new Output("https://cdn.skytells.ai/missing")));
    assertThat(atelier.current(generation).state()).isInstanceOf(State.Storing.class);

    atelier.clock.advance(Duration.ofMinutes(6));
    atelier.storeOutputs.start(atelier.current(generation), 1).join();
    assertThat(atelier.failureCode(generation)).isEqualTo(Failure.Code.OUTPUT_EXPIRED);
  }

  @Test
  void usesTheBlobOfAnEarlierAttempt() throws Exception {
    Generation generation = atelier.generate(OWNER);
    atelier.webhook(
        generation, succeeded(generation, new Output("https://cdn.skytells.ai/missing")));
    Asset stored =
        atelier.blobs.put(
            BlobKey.of(generation.id(), 0, MediaType.PNG),
            MediaType.PNG,
            new ByteArrayInputStream(Pictures.PNG));
    atelier.storeOutputs.start(atelier.current(generation), 1).join();
    assertThat(atelier.current(generation).state())
        .as("before the expiry")
        .isInstanceOf(State.Storing.class);
    atelier.clock.advance(Duration.ofMinutes(6));

    atelier.storeOutputs.start(atelier.current(generation), 2).join();

    assertThat(atelier.current(generation).state().storedAssets())
        .containsExactly(stored.measured(Optional.of(Pictures.SIZE)));
    atelier.assertSucceeded(generation);
  }

  @Test
  void usesTheBlobOfAnEarlierAttemptWhateverTheUrlReturns() throws Exception {
    for (Outputs.Fetch response :
        List.of(new Outputs.Fetch.Unavailable("503"), new Outputs.Fetch.Rejected("not public"))) {
      Generation generation = atelier.generate(OWNER);
      atelier.blobs.breakDown(true);
      atelier.webhook(
          generation, succeeded(generation, atelier.skytells.addOutput(() -> response)));
      atelier.blobs.breakDown(false);
      Asset stored =
          atelier.blobs.put(
              BlobKey.of(generation.id(), 0, MediaType.PNG),
              MediaType.PNG,
              new ByteArrayInputStream(Pictures.PNG));
      atelier.clock.advance(Duration.ofMinutes(6));

      atelier.storeOutputs.start(atelier.current(generation), 1).join();

      assertThat(atelier.current(generation).state().storedAssets())
          .containsExactly(stored.measured(Optional.of(Pictures.SIZE)));
      atelier.assertSucceeded(generation);
    }
  }

  @Test
  void retriesAnInterruptedDownload() {
    Generation generation = atelier.generate(OWNER);
    Output broken = atelier.skytells.addBreakingOutput(Pictures.PNG);

    atelier.webhook(generation, succeeded(generation, broken));

    assertThat(atelier.current(generation).state()).isInstanceOf(State.Storing.class);
  }
}
