package dev.atelier.application.port;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atelier.application.port.Uploads.Pending;
import dev.atelier.domain.Asset;
import dev.atelier.domain.Dimensions;
import dev.atelier.domain.MediaType;
import dev.atelier.domain.Upload;
import dev.atelier.domain.UploadId;
import dev.atelier.domain.UserId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** The contract of {@link Uploads}. */
public interface UploadsContract {
  Instant NOW = Instant.parse("2026-11-20T10:00:00.123456Z");
  Instant TOMORROW = NOW.plus(Duration.ofDays(1));
  Duration LEASE = Duration.ofMinutes(5);

  /** The port under test; empty. */
  Uploads uploads();

  private static UserId newOwner() {
    return new UserId("user-" + UUID.randomUUID());
  }

  private static Pending pending(UserId owner) {
    return new Pending(new UploadId(UUID.randomUUID()), owner, MediaType.JPEG, NOW);
  }

  private Pending add(UserId owner) {
    Pending pending = pending(owner);
    assertThat(uploads().add(pending, NOW.plusSeconds(3600), 1000)).isTrue();
    return pending;
  }

  private static Asset asset(Pending pending) {
    return new Asset(pending.key(), pending.type(), 5_000_000_000L, "f".repeat(64))
        .measured(Optional.of(new Dimensions(640, 480)));
  }

  private Upload complete(Pending pending) {
    return uploads().complete(pending.id(), asset(pending), TOMORROW).orElseThrow();
  }

  @Test
  default void anUploadIsFoundOnceItIsComplete() {
    UserId owner = newOwner();
    Pending pending = add(owner);
    assertThat(uploads().find(pending.id(), NOW)).isEmpty();

    Upload upload = complete(pending);

    assertThat(upload).isEqualTo(new Upload(pending.id(), owner, asset(pending), NOW, TOMORROW));
    assertThat(uploads().find(pending.id(), NOW)).contains(upload);
    assertThat(uploads().find(new UploadId(UUID.randomUUID()), NOW)).isEmpty();
    assertThat(uploads().complete(pending.id(), asset(pending), TOMORROW)).isEmpty();
  }

  @Test
  default void theDimensionsMayBeUnknown() {
    Pending pending = add(newOwner());
    Asset unmeasured = asset(pending).measured(Optional.empty());

    assertThat(uploads().complete(pending.id(), unmeasured, TOMORROW).orElseThrow().asset())
        .isEqualTo(unmeasured);
  }

  @Test
  default void anUploadExpiresUnlessItIsKept() {
    Pending pending = add(newOwner());
    complete(pending);
    assertThat(uploads().find(pending.id(), TOMORROW)).isEmpty();
    assertThat(uploads().keep(pending.id(), TOMORROW, TOMORROW.plusSeconds(60))).isFalse();

    assertThat(uploads().keep(pending.id(), NOW, TOMORROW.plusSeconds(60))).isTrue();
    assertThat(uploads().keep(pending.id(), NOW, NOW.plusSeconds(60))).as("not shorter").isTrue();

    assertThat(uploads().find(pending.id(), TOMORROW)).isPresent();
    assertThat(uploads().find(pending.id(), TOMORROW.plusSeconds(60))).isEmpty();
  }

  @Test
  default void aDeletedUploadIsNotFoundAndIsDue() {
    Pending pending = add(newOwner());
    complete(pending);

    uploads().delete(pending.id(), NOW);

    assertThat(uploads().find(pending.id(), NOW)).isEmpty();
    assertThat(uploads().keep(pending.id(), NOW, TOMORROW)).isFalse();
    assertThat(uploads().claimToRemove(NOW, LEASE, 100)).contains(removal(pending));
  }

  private static Uploads.Removal removal(Pending upload) {
    return new Uploads.Removal(upload.id(), upload.key());
  }

  @Test
  default void whatIsDueIsClaimedOnceUntilItsLeaseEnds() {
    Pending incomplete = add(newOwner());
    Pending expired = add(newOwner());
    Pending kept = add(newOwner());
    complete(expired);
    complete(kept);
    uploads().keep(kept.id(), NOW, TOMORROW.plus(LEASE).plus(LEASE));

    assertThat(uploads().claimToRemove(NOW, LEASE, 100)).isEmpty();
    assertThat(uploads().claimToRemove(TOMORROW, LEASE, 100))
        .containsExactlyInAnyOrder(removal(incomplete), removal(expired));
    assertThat(uploads().claimToRemove(TOMORROW, LEASE, 100)).isEmpty();
    assertThat(uploads().complete(incomplete.id(), asset(incomplete), TOMORROW))
        .as("it is being removed")
        .isEmpty();
    uploads().remove(expired.id());
    assertThat(uploads().claimToRemove(TOMORROW.plus(LEASE), LEASE, 100))
        .containsExactly(removal(incomplete));
  }

  @Test
  default void aClaimIsLimited() {
    for (int i = 0; i < 3; i++) {
      add(newOwner());
    }

    assertThat(uploads().claimToRemove(TOMORROW, LEASE, 2)).hasSize(2);
    assertThat(uploads().claimToRemove(TOMORROW, LEASE, 2)).hasSize(1);
  }

  @Test
  default void theDailyLimitIsExactUnderARaceAndCountsRemovedUploads() throws Exception {
    UserId owner = newOwner();
    Pending removed = add(owner);
    uploads().delete(removed.id(), NOW);
    uploads().remove(removed.id());
    List<Callable<Boolean>> calls = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      calls.add(() -> uploads().add(pending(owner), TOMORROW, 10));
    }
    var added = new ArrayList<Boolean>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Boolean> call : threads.invokeAll(calls)) {
        added.add(call.get());
      }
    }

    assertThat(added).filteredOn(value -> value).hasSize(9);
    assertThat(uploads().add(pending(newOwner()), TOMORROW, 10)).isTrue();
    assertThat(
            uploads()
                .add(
                    new Pending(new UploadId(UUID.randomUUID()), owner, MediaType.PNG, TOMORROW),
                    TOMORROW.plusSeconds(3600),
                    10))
        .as("on the next day")
        .isTrue();
  }
}
