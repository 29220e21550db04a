package dev.atelier.application.cancel;

import static dev.atelier.application.InMemoryAtelier.prediction;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atelier.application.InMemoryAtelier;
import dev.atelier.application.Pictures;
import dev.atelier.application.cancel.DeleteGeneration.Result;
import dev.atelier.application.generate.CreateGeneration;
import dev.atelier.application.port.Predictions.LookupResult;
import dev.atelier.application.port.Predictions.Submission;
import dev.atelier.application.port.UnavailableException;
import dev.atelier.application.query.AccessScope;
import dev.atelier.application.query.GetOutput;
import dev.atelier.application.query.GetStatus;
import dev.atelier.application.query.ListGenerations;
import dev.atelier.application.store.FallbackBlobStore;
import dev.atelier.application.subscribe.SubscribeToGeneration;
import dev.atelier.application.webhook.HandleWebhook;
import dev.atelier.domain.Asset;
import dev.atelier.domain.BlobKey;
import dev.atelier.domain.Generation;
import dev.atelier.domain.GenerationId;
import dev.atelier.domain.IdempotencyKey;
import dev.atelier.domain.MediaType;
import dev.atelier.domain.Output;
import dev.atelier.domain.Prediction;
import dev.atelier.domain.PredictionId;
import dev.atelier.domain.State;
import dev.atelier.domain.Status;
import dev.atelier.domain.UserId;
import java.io.ByteArrayInputStream;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class DeleteGenerationServiceTest {
  private static final UserId OWNER = new UserId("ada");
  private static final AccessScope EVERYONE = new AccessScope.All();

  @AutoClose private final InMemoryAtelier atelier = new InMemoryAtelier();

  @Test
  void removesAnEndedGenerationWithItsBlobsAndAtSkytells() {
    Generation generation = succeeded();
    Asset asset = generation.state().storedAssets().getFirst();

    assertThat(delete(generation)).isEqualTo(Result.DELETED);

    assertThat(atelier.generations.find(generation.id())).isEmpty();
    assertThat(atelier.blobs.find(asset.key(), asset.type())).isEmpty();
    assertThat(atelier.skytells.find(prediction(generation)))
        .isEqualTo(new LookupResult.NotFound());
  }

  @Test
  void aDeletedGenerationIsInvisibleBeforeItIsRemoved() {
    Generation generation = succeeded();
    atelier.blobs.breakDown(true);

    assertThat(delete(generation)).isEqualTo(Result.DELETED);

    assertThat(atelier.generations.find(generation.id())).isPresent();
    assertThat(atelier.getStatus.get(new GetStatus.Query(EVERYONE, generation.id())))
        .isEqualTo(new GetStatus.Result.NotFound());
    assertThat(atelier.getOutput.get(new GetOutput.Query(EVERYONE, generation.id(), 0)))
        .isEqualTo(new GetOutput.Result.NotFound());
    assertThat(
            atelier
                .listGenerations
                .list(
                    new ListGenerations.Query(
                        EVERYONE, EnumSet.allOf(Status.class), Optional.empty(), 10))
                .generations())
        .isEmpty();
    assertThat(
            atelier.cancelGeneration.cancel(
                new CancelGeneration.Command(EVERYONE, generation.id())))
        .isEqualTo(new CancelGeneration.Result.NotFound());
    assertThat(delete(generation)).isEqualTo(Result.NOT_FOUND);
  }

  @Test
  void theSweepRetriesTheRemoval() {
    Generation generation = succeeded();
    Asset asset = generation.state().storedAssets().getFirst();
    atelier.blobs.breakDown(true);
    assertThat(delete(generation)).isEqualTo(Result.DELETED);

    atelier.blobs.breakDown(false);
    assertThat(atelier.sweepAfter(Duration.ofSeconds(10)).toRemove()).isEqualTo(1);

    assertThat(atelier.generations.find(generation.id())).isEmpty();
    assertThat(atelier.blobs.find(asset.key(), asset.type())).isEmpty();
  }

  @Test
  void removesAGenerationWhileSkytellsIsDown() {
    Generation generation = succeeded();
    atelier.skytells.breakDown(true);

    assertThat(delete(generation)).isEqualTo(Result.DELETED);

    assertThat(atelier.generations.find(generation.id())).isEmpty();
  }

  @Test
  void removesASpooledBlobAndChecksTheStorageAgainLater() throws Exception {
    atelier.blobs.breakDown(true);
    Generation generation = succeeded();
    Asset asset = generation.state().storedAssets().getFirst();
    assertThat(atelier.spool.size()).isEqualTo(1);
    atelier.blobs.breakDown(false);

    assertThat(delete(generation)).isEqualTo(Result.DELETED);
    assertThat(atelier.spool.size()).isZero();
    assertThat(atelier.generations.find(generation.id())).isPresent();

    // A slow drain, started before the delete, writes the blob now.
    atelier.blobs.put(asset.key(), asset.type(), new ByteArrayInputStream(Pictures.PNG));
    atelier.sweepAfter(Duration.ofMinutes(2));
    assertThat(atelier.blobs.find(asset.key(), asset.type())).isEmpty();
    assertThat(atelier.generations.find(generation.id())).isEmpty();
  }

  @Test
  void cancelsARunningGenerationFirst() {
    Generation generation = queued();

    assertThat(delete(generation)).isEqualTo(Result.DELETED);

    assertThat(atelier.generations.find(generation.id())).isEmpty();
    assertThat(atelier.skytells.find(prediction(generation)))
        .isEqualTo(new LookupResult.NotFound());
  }

  @Test
  void usesQuotaUntilSkytellsHasEndedIt() {
    Generation generation = queued();
    for (int i = 1; i < InMemoryAtelier.ACTIVE_LIMIT; i++) {
      queued();
    }
    atelier.skytells.breakDown(true);
    assertThat(delete(generation)).isEqualTo(Result.DELETED);
    assertThat(generate(Optional.empty())).isInstanceOf(CreateGeneration.Result.LimitReached.class);

    atelier.skytells.breakDown(false);
    atelier.sweepAfter(Duration.ofSeconds(10));

    assertThat(generate(Optional.empty())).isInstanceOf(CreateGeneration.Result.Accepted.class);
    atelier.sweepAfter(Duration.ofSeconds(10));
    assertThat(atelier.generations.find(generation.id())).isEmpty();
  }

  @Test
  void doesNotStoreTheOutputsOfADeletedGeneration() {
    Generation generation = queued();
    atelier.skytells.breakDown(true);
    assertThat(delete(generation)).isEqualTo(Result.DELETED);

    assertThat(succeed(generation)).isEqualTo(HandleWebhook.Result.RECEIVED);

    assertThat(atelier.skytells.fetched()).isEmpty();
    assertThat(atelier.current(generation).state()).isInstanceOf(State.Canceled.class);
    atelier.sweepAfter(Duration.ofSeconds(10));
    assertThat(atelier.generations.find(generation.id())).isEmpty();
  }

  @Test
  void removesAStoringGenerationAfterItIsStored() {
    Generation generation = queued();
    atelier.blobs.breakDown(true);
    atelier.spool.breakDown(true);
    succeed(generation);
    assertThat(delete(generation)).isEqualTo(Result.DELETED);
    assertThat(atelier.current(generation).state()).isInstanceOf(State.Storing.class);

    atelier.blobs.breakDown(false);
    atelier.spool.breakDown(false);
    atelier.sweepAfter(FallbackBlobStore.PAUSE); // before, it would go into the spool
    atelier.sweepAfter(Duration.ofSeconds(10));

    assertThat(atelier.generations.find(generation.id())).isEmpty();
    assertThat(atelier.blobs.find(BlobKey.of(generation.id(), 0, MediaType.PNG), MediaType.PNG))
        .isEmpty();
  }

  @Test
  void removesBlobsThatAreStoredAfterTheRemoval() {
    Generation generation = queued();
    Output output = atelier.skytells.addOutput(Pictures.PNG);
    atelier.skytells.set(
        new Prediction.Succeeded(prediction(generation), List.of(output), Optional.empty()));
    atelier.blobs.breakDown(true);
    atelier.spool.breakDown(true);
    succeed(generation);
    Generation storing = atelier.current(generation); // as read earlier by a slow instance
    atelier.blobs.breakDown(false);
    atelier.spool.breakDown(false);
    atelier.sweepAfter(FallbackBlobStore.PAUSE); // before, it would go into the spool
    assertThat(delete(generation)).isEqualTo(Result.DELETED);
    assertThat(atelier.generations.find(generation.id())).isEmpty();

    atelier.storeOutputs.start(storing, 0).join();

    assertThat(atelier.blobs.find(BlobKey.of(generation.id(), 0, MediaType.PNG), MediaType.PNG))
        .isEmpty();
  }

  @Test
  void ignoresAWebhookForARemovedGeneration() {
    Generation generation = succeeded();
    assertThat(delete(generation)).isEqualTo(Result.DELETED);

    assertThat(succeed(generation)).isEqualTo(HandleWebhook.Result.RECEIVED);

    assertThat(atelier.generations.find(generation.id())).isEmpty();
  }

  @Test
  void cancelsAndRemovesAnUnconfirmedSubmissionOnceItIsFound() {
    atelier.skytells.sellNext(_ -> new Submission.Unconfirmed("read timed out"));
    Generation generation = atelier.generate(OWNER);
    assertThat(delete(generation)).isEqualTo(Result.DELETED);

    atelier.sweepAfter(Duration.ofSeconds(10)); // found
    atelier.sweepAfter(Duration.ofSeconds(10)); // canceled
    atelier.sweepAfter(Duration.ofSeconds(10)); // removed

    assertThat(atelier.generations.find(generation.id())).isEmpty();
    assertThat(atelier.skytells.find(new PredictionId("pred_" + generation.id())))
        .isEqualTo(new LookupResult.NotFound());
  }

  @Test
  void endsTheSubscriptionsToADeletedGeneration() {
    Generation generation = queued();
    var query = new SubscribeToGeneration.Query(EVERYONE, generation.id());
    try (var subscription =
        ((SubscribeToGeneration.Result.Subscribed) atelier.subscribeToGeneration.subscribe(query))
            .subscription()) {
      assertThat(delete(generation)).isEqualTo(Result.DELETED);

      assertThat(subscription.awaitEnd(Duration.ofMinutes(1))).isEmpty();
    }
  }

  @Test
  void freesTheIdempotencyKey() {
    Optional<IdempotencyKey> key = Optional.of(new IdempotencyKey("key-1"));
    var first = (CreateGeneration.Result.Accepted) generate(key);
    atelier.skytells.breakDown(true);
    assertThat(delete(first.generation())).isEqualTo(Result.DELETED);

    assertThat(generate(key)).isInstanceOf(CreateGeneration.Result.Accepted.class);
    assertThat(atelier.skytells.sold()).hasSize(2);
  }

  @Test
  void anUnknownOrInaccessibleGenerationIsNotFound() {
    Generation generation = queued();
    var unknown = new GenerationId(UUID.randomUUID());
    var grace = new AccessScope.Owner(new UserId("grace"));

    assertThat(atelier.deleteGeneration.delete(command(EVERYONE, unknown)))
        .isEqualTo(Result.NOT_FOUND);
    assertThat(atelier.deleteGeneration.delete(command(grace, generation.id())))
        .isEqualTo(Result.NOT_FOUND);
    assertThat(atelier.current(generation)).isEqualTo(generation);
    assertThat(
            atelier.deleteGeneration.delete(command(new AccessScope.Owner(OWNER), generation.id())))
        .isEqualTo(Result.DELETED);
  }

  @Test
  void changesNothingWithoutADatabase() {
    Generation generation = queued();
    atelier.generations.breakDown(true);

    assertThatThrownBy(() -> delete(generation)).isInstanceOf(UnavailableException.class);

    atelier.generations.breakDown(false);
    assertThat(atelier.current(generation)).isEqualTo(generation);
  }

  private CreateGeneration.Result generate(Optional<IdempotencyKey> key) {
    return atelier.createGeneration.create(
        InMemoryAtelier.command(OWNER, "a lighthouse", Optional.empty(), key));
  }

  private Generation queued() {
    Generation generation = atelier.generate(OWNER);
    assertThat(generation.state()).isInstanceOf(State.Queued.class);
    return generation;
  }

  private Generation succeeded() {
    Generation generation = queued();
    succeed(generation);
    atelier.assertSucceeded(generation);
    return atelier.current(generation);
  }

  private HandleWebhook.Result succeed(Generation generation) {
    Output output = atelier.skytells.addOutput(Pictures.PNG);
    return atelier.webhook(generation, InMemoryAtelier.succeeded(generation, output));
  }

  private Result delete(Generation generation) {
    return atelier.deleteGeneration.delete(command(EVERYONE, generation.id()));
  }

  private static DeleteGeneration.Command command(AccessScope accessScope, GenerationId id) {
    return new DeleteGeneration.Command(accessScope, id);
  }
}
