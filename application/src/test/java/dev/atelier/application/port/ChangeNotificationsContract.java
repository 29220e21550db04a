package dev.atelier.application.port;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atelier.application.port.ChangeNotifications.Change;
import dev.atelier.application.port.Generations.Insertion;
import dev.atelier.application.port.Generations.Saving;
import dev.atelier.application.port.Generations.Work;
import dev.atelier.domain.Generation;
import dev.atelier.domain.GenerationId;
import dev.atelier.domain.Observation;
import dev.atelier.domain.Prediction;
import dev.atelier.domain.PredictionId;
import dev.atelier.domain.UserId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The contract of {@link ChangeNotifications}. */
public interface ChangeNotificationsContract {
  /** When the generations of these tests are due. */
  Instant DUE_AT = dev.atelier.domain.Generations.CREATED.plusSeconds(60);

  /** The instance under test, without a listener. */
  ChangeNotifications changeNotifications();

  /** The store whose changes it reports. */
  Generations generations();

  /** Deletes the generation in the store. */
  void delete(GenerationId id);

  /** Makes a stored generation unreadable. */
  void makeUnreadable(GenerationId id);

  @Test
  default void reportsAGapWhenListeningStarts() {
    assertThat(RecordingListener.on(changeNotifications()).next())
        .isEqualTo(RecordingListener.MISSED);
  }

  @Test
  default void notifiesAboutEveryChange() {
    var listener = RecordingListener.listening(changeNotifications());
    Generation submitted = insert();

    Generation queued = save(submitted, new Prediction.Queued(prediction()));
    assertThat(listener.next()).isEqualTo(submitted.id().toString());

    save(queued, new Prediction.Processing(queued.state().prediction().orElseThrow()));
    assertThat(listener.next()).isEqualTo(submitted.id().toString());
  }

  @Test
  default void notifiesAboutADeletion() {
    var listener = RecordingListener.listening(changeNotifications());
    Generation submitted = insert();

    delete(submitted.id());

    assertThat(listener.next()).isEqualTo(submitted.id().toString());
  }

  @Test
  default void doesNotNotifyWithoutAChange() {
    var listener = RecordingListener.listening(changeNotifications());
    Generation submitted = insert();
    Generation queued = save(submitted, new Prediction.Queued(prediction()));
    assertThat(listener.next()).isEqualTo(submitted.id().toString());

    assertThat(generations().save(queued)).isEqualTo(Saving.CONFLICT);
    generations().postpone(queued, DUE_AT);
    assertThat(generations().claim(Work.OBSERVE, DUE_AT, Duration.ofHours(1), 100)).isNotEmpty();

    Generation last = insert();
    save(last, new Prediction.Queued(prediction()));
    assertThat(listener.next()).isEqualTo(last.id().toString());
  }

  @Test
  default void findsChangedGenerationsWithOneQuery() {
    Generation changed = save(insert(), new Prediction.Queued(prediction()));
    Generation unknown = insert();
    Generation unchanged = insert();
    Generation deleted = insert();
    delete(deleted.id());

    List<Change> found =
        changeNotifications()
            .changedSince(
                Map.of(changed.id(), 0, unknown.id(), -1, unchanged.id(), 0, deleted.id(), 0));

    assertThat(found)
        .containsExactlyInAnyOrder(
            new Change.Changed(changed),
            new Change.Changed(unknown),
            new Change.Removed(deleted.id()));
  }

  @Test
  default void anUnreadableGenerationDoesNotHideTheOthers() {
    Generation changed = save(insert(), new Prediction.Queued(prediction()));
    Generation unreadable = save(insert(), new Prediction.Queued(prediction()));
    Generation unchanged = insert();
    makeUnreadable(unreadable.id());
    makeUnreadable(unchanged.id());

    assertThat(
            changeNotifications()
                .changedSince(Map.of(changed.id(), 0, unreadable.id(), 0, unchanged.id(), 0)))
        .containsExactlyInAnyOrder(
            new Change.Changed(changed), new Change.Unreadable(unreadable.id()));
  }

  @Test
  default void findsNothingForNoGenerations() {
    assertThat(changeNotifications().changedSince(Map.of())).isEmpty();
  }

  private Generation insert() {
    Generation submitted =
        dev.atelier.domain.Generations.begun(new UserId("user-" + UUID.randomUUID()));
    assertThat(generations().insert(submitted, Optional.empty(), 10))
        .isEqualTo(new Insertion.Inserted());
    return submitted;
  }

  private Generation save(Generation generation, Observation observation) {
    Generation next =
        generation.observe(observation, dev.atelier.domain.Generations.CREATED).generation();
    assertThat(generations().save(next)).isEqualTo(Saving.SAVED);
    return next;
  }

  private static PredictionId prediction() {
    return new PredictionId("pred_" + UUID.randomUUID());
  }
}
