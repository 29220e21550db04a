package dev.atelier.application.promise;

import dev.atelier.application.Pictures;
import dev.atelier.application.promise.Step.DownloadFault;
import dev.atelier.application.promise.Step.Ending;
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

/** Compares the stored generations of a finished {@link World} with what really happened. */
final class Audit {
  /** The maximum difference between Skytells' clock and ours. */
  private static final Duration CLOCK_DIFFERENCE = Duration.ofMinutes(1);

  private final World world;

  private Audit(World world) {
    this.world = world;
  }

  static void of(World world) {
    var audit = new Audit(world);
    world.generations.all().forEach(audit::check);
    world.generations.removed().values().forEach(audit::checkRemoved);
    for (SoldPrediction sold : world.skytells.predictions) {
      if (world.generations.latest(sold.generation).isEmpty()
          && !world.generations.removed().containsKey(sold.generation)) {
        world.violations.add("paid for, but not in any row: " + sold.id);
      }
    }
  }

  /** A removed generation has no blobs and no running prediction. */
  private void checkRemoved(Generation generation) {
    String prefix = "generations/" + generation.id() + "/";
    boolean stored = world.storage.keys().stream().anyMatch(key -> key.value().startsWith(prefix));
    require(generation, !stored, "was removed, but its blobs were not");
    boolean running =
        world.skytells.soldFor(generation.id()).filter(sold -> sold.end.isEmpty()).isPresent();
    boolean givenUp =
        generation.state() instanceof State.Failed failed
            && isJustified(generation, failed, Optional.empty());
    require(generation, !running || givenUp, "was removed, but its prediction is running");
  }

  private void check(Generation generation) {
    require(generation, !generation.deleted(), "was deleted, but not removed");
    Optional<SoldPrediction> sold = world.skytells.soldFor(generation.id());
    Optional<PredictionId> adopted = generation.state().prediction();
    if (adopted.isPresent() && !adopted.equals(sold.map(prediction -> prediction.id))) {
      report(generation, "has the prediction of another generation");
      return;
    }
    Optional<SoldPrediction.End> end = sold.flatMap(prediction -> prediction.end);
    switch (generation.state()) {
      case State.Submitting _,
          State.Queued _,
          State.Processing _,
          State.Canceling _,
          State.Storing _ ->
          report(generation, "never ended");
      case State.Succeeded succeeded -> {
        List<SoldPrediction.File> files = end.map(SoldPrediction.End::files).orElse(List.of());
        require(generation, succeeded.assets().size() == files.size(), "lacks an output");
        checkAssets(generation, succeeded.assets(), files);
      }
      case State.Failed failed -> {
        checkAssets(
            generation, failed.assets(), end.map(SoldPrediction.End::files).orElse(List.of()));
        require(generation, isJustified(generation, failed, end), "failed for no reason in " + end);
      }
      case State.Canceled _ ->
          require(generation, isA(end, Ending.Canceled.class), "was not canceled");
    }
  }

  /** The assets in the row are stored unchanged and in order, and no stored output is missing. */
  private void checkAssets(
      Generation generation, List<Asset> assets, List<SoldPrediction.File> files) {
    var remaining = new ArrayDeque<>(assets);
    for (int index = 0; index < files.size(); index++) {
      BlobKey key = BlobKey.of(generation.id(), index, MediaType.PNG);
      byte[] bytes = files.get(index).bytes();
      Asset asset =
          new Asset(key, MediaType.PNG, bytes.length, sha256(bytes))
              .measured(Optional.of(Pictures.SIZE));
      if (Optional.of(asset).equals(Optional.ofNullable(remaining.peek()))) {
        remaining.remove();
        byte[] stored = world.storage.bytes(key).orElse(new byte[0]);
        require(generation, Arrays.equals(stored, bytes), "has other bytes stored under " + key);
      } else {
        boolean omitted = world.storage.existedBefore(key, generation.updatedAt());
        require(generation, !omitted, "omits the stored output " + key);
      }
    }
    require(generation, remaining.isEmpty(), "has an unknown asset");
  }

  private boolean isJustified(
      Generation generation, State.Failed failed, Optional<SoldPrediction.End> end) {
    Instant at = failed.completedAt().plus(World.SKEW);
    RetrySchedule timeouts = RetrySchedule.DEFAULT;
    boolean video = generation.request().model().kind() == Model.Kind.VIDEO;
    return switch (failed.failure().code()) {
      case GENERATION_FAILED -> isA(end, Ending.Failed.class);
      case NO_OUTPUT -> isA(end, Ending.Nothing.class);
      case CONTENT_POLICY -> world.skytells.refused.contains(generation.id());
      case SUBMISSION_UNCONFIRMED ->
          !at.isBefore(generation.createdAt().plus(timeouts.confirmWithin()));
      case TIMED_OUT ->
          !at.isBefore(
              generation.createdAt().plus(video ? timeouts.videoWithin() : timeouts.imageWithin()));
      case OUTPUT_EXPIRED ->
          end.filter(ended -> !at.plus(CLOCK_DIFFERENCE).isBefore(ended.expiry())).isPresent();
      case OUTPUT_REJECTED ->
          end.stream()
              .flatMap(ended -> ended.files().stream())
              .anyMatch(
                  file ->
                      file.mayFailWith(DownloadFault.ERROR_PAGE)
                          || file.mayFailWith(DownloadFault.FORBIDDEN));
      case UNREADABLE_OUTPUT, REJECTED_BY_PROVIDER, PROVIDER_BUSY, PROVIDER_UNAVAILABLE -> false;
    };
  }

  private static boolean isA(Optional<SoldPrediction.End> end, Class<? extends Ending> kind) {
    return end.filter(ended -> kind.isInstance(ended.ending())).isPresent();
  }

  private void require(Generation generation, boolean condition, String violation) {
    if (!condition) {
      report(generation, violation);
    }
  }

  private void report(Generation generation, String violation) {
    world.violations.add("generation " + violation + ": " + generation);
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
