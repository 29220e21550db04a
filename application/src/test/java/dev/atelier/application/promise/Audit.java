package dev.atelier.application.promise;

import dev.atelier.application.Pictures;
import dev.atelier.application.promise.Step.Ending;
import dev.atelier.application.promise.Step.Trouble;
import dev.atelier.application.settle.RetrySchedule;
import dev.atelier.domain.Asset;
import dev.atelier.domain.BlobKey;
import dev.atelier.domain.Generation;
import dev.atelier.domain.MediaType;
import dev.atelier.domain.Model;
import dev.atelier.domain.PredictionId;
import dev.atelier.domain.State;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** Compares how a world at rest stands with what is true: the promise, as a check. */
final class Audit {
  /** Skytells' clock and ours may be apart by this much. */
  private static final Duration CLOCKS_DIFFER = Duration.ofMinutes(1);

  private final World world;

  private Audit(World world) {
    this.world = world;
  }

  static void of(World world) {
    var audit = new Audit(world);
    world.ledger.all().forEach(audit::check);
    world.ledger.removed().values().forEach(audit::checkRemoved);
    for (Sale sale : world.skytells.sales) {
      if (world.ledger.latest(sale.generation).isEmpty()
          && !world.ledger.removed().containsKey(sale.generation)) {
        world.violations.add("paid for, and in no row: " + sale.prediction);
      }
    }
  }

  /**
   * Of what was deleted nothing is left: no bytes, and no prediction that somebody still works on.
   */
  private void checkRemoved(Generation generation) {
    String prefix = "generations/" + generation.id() + "/";
    boolean kept = world.storage.keys().stream().anyMatch(key -> key.value().startsWith(prefix));
    require(generation, !kept, "was removed, and its bytes were not");
    boolean running =
        world.skytells.sale(generation.id()).filter(sale -> sale.end.isEmpty()).isPresent();
    boolean givenUp =
        generation.state() instanceof State.Failed failed
            && isJust(generation, failed, Optional.empty());
    require(generation, !running || givenUp, "was removed, and goes on at Skytells");
  }

  private void check(Generation generation) {
    require(generation, !generation.deleted(), "was deleted, and is still there");
    Optional<Sale> sale = world.skytells.sale(generation.id());
    Optional<PredictionId> adopted = generation.state().prediction();
    if (adopted.isPresent() && !adopted.equals(sale.map(it -> it.prediction))) {
      complain(generation, "has a prediction that was sold for another");
      return;
    }
    Optional<Sale.End> end = sale.flatMap(it -> it.end);
    switch (generation.state()) {
      case State.Submitting _,
          State.Queued _,
          State.Processing _,
          State.Canceling _,
          State.Storing _ ->
          complain(generation, "never ended");
      case State.Succeeded succeeded -> {
        List<Sale.File> files = end.map(Sale.End::files).orElse(List.of());
        require(generation, succeeded.assets().size() == files.size(), "lacks an output");
        checkAssets(generation, succeeded.assets(), files);
      }
      case State.Failed failed -> {
        checkAssets(generation, failed.assets(), end.map(Sale.End::files).orElse(List.of()));
        require(generation, isJust(generation, failed, end), "failed for no reason in " + end);
      }
      case State.Canceled _ ->
          require(generation, isA(end, Ending.Canceled.class), "was never called off");
    }
  }

  /**
   * What the row tells of is in the storage, to the byte and in order, and nothing was forgotten.
   */
  private void checkAssets(Generation generation, List<Asset> assets, List<Sale.File> files) {
    var untold = new ArrayDeque<>(assets);
    for (int index = 0; index < files.size(); index++) {
      BlobKey key = BlobKey.of(generation.id(), index, MediaType.PNG);
      byte[] bytes = files.get(index).bytes();
      Asset asset =
          new Asset(key, MediaType.PNG, bytes.length, sha256(bytes))
              .measured(Optional.of(Pictures.SIZE));
      if (Optional.of(asset).equals(Optional.ofNullable(untold.peek()))) {
        untold.remove();
        byte[] kept = world.storage.bytes(key).orElse(new byte[0]);
        require(generation, Arrays.equals(kept, bytes), "keeps other bytes as " + key);
      } else {
        boolean forgotten = world.storage.keptBefore(key, generation.updatedAt());
        require(generation, !forgotten, "does not tell of what is kept as " + key);
      }
    }
    require(generation, untold.isEmpty(), "tells of what never was");
  }

  private boolean isJust(Generation generation, State.Failed failed, Optional<Sale.End> end) {
    Instant at = failed.completedAt().plus(World.SKEW);
    RetrySchedule patience = RetrySchedule.DEFAULT;
    boolean video = generation.request().model().kind() == Model.Kind.VIDEO;
    return switch (failed.failure().code()) {
      case GENERATION_FAILED -> isA(end, Ending.Failed.class);
      case NO_OUTPUT -> isA(end, Ending.Nothing.class);
      case CONTENT_POLICY -> world.skytells.refused.contains(generation.id());
      case SUBMISSION_UNCONFIRMED ->
          !at.isBefore(generation.createdAt().plus(patience.confirmWithin()));
      case TIMED_OUT ->
          !at.isBefore(
              generation.createdAt().plus(video ? patience.videoWithin() : patience.imageWithin()));
      case OUTPUT_EXPIRED ->
          end.filter(it -> !at.plus(CLOCKS_DIFFER).isBefore(it.expiry())).isPresent();
      case OUTPUT_REJECTED ->
          end.stream()
              .flatMap(it -> it.files().stream())
              .anyMatch(it -> it.isEver(Trouble.ERROR_PAGE) || it.isEver(Trouble.FORBIDDEN));
      case UNREADABLE_OUTPUT, REJECTED_BY_PROVIDER, PROVIDER_BUSY, PROVIDER_UNAVAILABLE -> false;
    };
  }

  private static boolean isA(Optional<Sale.End> end, Class<? extends Ending> kind) {
    return end.filter(it -> kind.isInstance(it.ending())).isPresent();
  }

  private void require(Generation generation, boolean condition, String otherwise) {
    if (!condition) {
      complain(generation, otherwise);
    }
  }

  private void complain(Generation generation, String what) {
    world.violations.add("generation " + what + ": " + generation);
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
