package dev.atelier.application.store;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.atelier.application.Pictures;
import dev.atelier.application.port.Generations.Insertion;
import dev.atelier.application.port.Generations.Saving;
import dev.atelier.application.port.Generations.Work;
import dev.atelier.application.port.InMemoryBlobSpool;
import dev.atelier.application.port.InMemoryBlobStore;
import dev.atelier.application.port.InMemoryGenerations;
import dev.atelier.application.port.InMemorySkytells;
import dev.atelier.application.port.MutableClock;
import dev.atelier.application.port.Outputs.Fetch;
import dev.atelier.application.settle.RetrySchedule;
import dev.atelier.application.settle.Settle;
import dev.atelier.domain.Generation;
import dev.atelier.domain.GenerationRequest;
import dev.atelier.domain.Generations;
import dev.atelier.domain.MediaType;
import dev.atelier.domain.Output;
import dev.atelier.domain.OutputStatus;
import dev.atelier.domain.Prediction;
import dev.atelier.domain.PredictionId;
import dev.atelier.domain.State;
import dev.atelier.domain.UserId;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StoreOutputsTest {
  private static final int LIMIT = 3;
  private static final byte[] MP4 = "0000ftypmp42".getBytes(US_ASCII);

  private final MutableClock clock = new MutableClock();
  private final InMemoryGenerations generations = new InMemoryGenerations();
  private final InMemorySkytells skytells = new InMemorySkytells();
  private final InMemoryBlobStore blobs = new InMemoryBlobStore();
  private final List<Thread> threads = new CopyOnWriteArrayList<>();
  private final ExecutorService workers = Executors.newThreadPerTaskExecutor(this::thread);
  private final StoreOutputs storeOutputs =
      new StoreOutputs(
          generations,
          skytells,
          new FallbackBlobStore(blobs, new InMemoryBlobSpool(), clock),
          new Settle(generations, clock),
          RetrySchedule.DEFAULT,
          clock,
          clock::nanoTime,
          workers,
          LIMIT);

  private Thread thread(Runnable task) {
    Thread thread = Thread.ofVirtual().unstarted(task);
    threads.add(thread);
    return thread;
  }

  @AfterEach
  void close() {
    workers.shutdownNow();
    workers.close();
  }

  @Test
  void imagesDoNotWaitForVideos() throws Exception {
    var videos = new ArrayList<Gate>();
    var transfers = new ArrayList<CompletableFuture<Void>>();
    for (int i = 0; i < 2 * LIMIT; i++) {
      var gate = new Gate(MP4);
      videos.add(gate);
      transfers.add(storeOutputs.start(storing(video(), output(MediaType.MP4, gate)), 0));
    }
    await(() -> videos.stream().filter(Gate::isRead).count() == LIMIT);

    Generation picture = storing(Generations.request(), skytells.addOutput(Pictures.PNG));
    storeOutputs.start(picture, 0).get(30, TimeUnit.SECONDS);

    assertThat(current(picture).state()).isInstanceOf(State.Succeeded.class);
    assertThat(videos).filteredOn(Gate::isRead).hasSize(LIMIT);
    videos.forEach(Gate::releaseAll);
    CompletableFuture.allOf(transfers.toArray(CompletableFuture[]::new)).get(30, TimeUnit.SECONDS);
    assertThat(videos).allMatch(Gate::isRead);
  }

  @Test
  void storesImagesQueuedBehindStalledOnes() throws Exception {
    var gates = new ArrayList<Gate>();
    var stalled = new ArrayList<Generation>();
    for (int i = 0; i < LIMIT; i++) {
      var gate = new Gate(Pictures.PNG);
      gates.add(gate);
      stalled.add(storing(Generations.request(), output(MediaType.PNG, gate)));
      var _ = storeOutputs.start(stalled.getLast(), 0);
    }
    await(() -> gates.stream().allMatch(Gate::isRead));
    clock.advance(Duration.ofSeconds(11));

    Generation picture = storing(Generations.request(), skytells.addOutput(Pictures.PNG));
    CompletableFuture<Void> stored = storeOutputs.start(picture, 0);
    await(() -> threads.getLast().getState() == Thread.State.WAITING);
    gates.forEach(Gate::releaseOne);
    stored.get(30, TimeUnit.SECONDS);

    assertThat(current(picture).state()).isInstanceOf(State.Succeeded.class);
    assertThat(stalled)
        .allSatisfy(generation -> assertThat(current(generation).isActive()).isTrue());
  }

  @Test
  void retriesAFailedOutputDuringTheTransferOfAnother() throws Exception {
    var slow = new Gate(Pictures.PNG);
    Iterator<Fetch> responses =
        List.<Fetch>of(
                new Fetch.Unavailable("HTTP 503"),
                new Fetch.Content(MediaType.PNG, new ByteArrayInputStream(Pictures.PNG)))
            .iterator();
    Generation generation =
        storing(
            Generations.request(),
            output(MediaType.PNG, slow),
            skytells.addOutput(responses::next));

    CompletableFuture<Void> first = storeOutputs.start(generation, 0);
    // Sooner than a storing generation that was never attempted, which is due after 15 seconds.
    await(() -> isDue(generation, Duration.ofSeconds(1)));
    CompletableFuture<Void> second = storeOutputs.start(generation, 1);
    await(() -> status(generation, 1) instanceof OutputStatus.Stored);

    assertThat(status(generation, 0)).isInstanceOf(OutputStatus.Awaiting.class);
    slow.releaseAll();
    CompletableFuture.allOf(first, second).get(30, TimeUnit.SECONDS);
    assertThat(current(generation).state()).isInstanceOf(State.Succeeded.class);
    assertThat(skytells.fetched()).hasSize(3);
  }

  @Test
  void doesNotStoreARefetchedOutputOfAnotherType() throws Exception {
    Iterator<Fetch> responses =
        List.<Fetch>of(
                new Fetch.Content(MediaType.PNG, new ByteArrayInputStream(Pictures.PNG)),
                new Fetch.Content(MediaType.MP4, new ByteArrayInputStream(MP4)),
                new Fetch.Content(MediaType.PNG, new ByteArrayInputStream(Pictures.PNG)))
            .iterator();
    Generation generation = storing(Generations.request(), skytells.addOutput(responses::next));
    blobs.breakDown(true);

    storeOutputs.start(generation, 0).get(30, TimeUnit.SECONDS);
    assertThat(current(generation).state()).isInstanceOf(State.Storing.class);

    blobs.breakDown(false);
    storeOutputs.start(generation, 1).get(30, TimeUnit.SECONDS);
    assertThat(current(generation).state()).isInstanceOf(State.Succeeded.class);
  }

  private boolean isDue(Generation generation, Duration within) {
    return generations.claim(Work.STORE, clock.instant().plus(within), Duration.ZERO, 10).stream()
        .anyMatch(claim -> claim.generation().id().equals(generation.id()));
  }

  private OutputStatus status(Generation generation, int index) {
    return ((State.Storing) current(generation).state()).outputs().get(index);
  }

  private Generation current(Generation generation) {
    return generations.find(generation.id()).orElseThrow();
  }

  private Generation storing(GenerationRequest request, Output... outputs) {
    Generation submitted =
        Generations.create(
            Generations.submitting().id(), new UserId("ada"), request, clock.instant());
    assertThat(generations.insert(submitted, Optional.empty(), 100))
        .isEqualTo(new Insertion.Inserted());
    var succeeded =
        new Prediction.Succeeded(
            new PredictionId("pred_" + submitted.id()), List.of(outputs), Optional.empty());
    Generation storing = submitted.observe(succeeded, clock.instant()).generation();
    assertThat(generations.save(storing)).isEqualTo(Saving.SAVED);
    return storing;
  }

  private static GenerationRequest video() {
    return Generations.request(Generations.VIDEO_MODEL);
  }

  private static void await(BooleanSupplier condition) {
    long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("condition not met in time").isLessThan(deadline);
      Thread.onSpinWait();
    }
  }

  private Output output(MediaType type, InputStream bytes) {
    return skytells.addOutput(() -> new Fetch.Content(type, bytes));
  }

  /** A stream that blocks until bytes are released, one by one or all. */
  private static final class Gate extends InputStream {
    private final InputStream bytes;
    private final Semaphore permits = new Semaphore(0);
    private final CountDownLatch read = new CountDownLatch(1);

    Gate(byte[] bytes) {
      this.bytes = new ByteArrayInputStream(bytes);
    }

    boolean isRead() {
      return read.getCount() == 0;
    }

    void releaseOne() {
      permits.release();
    }

    void releaseAll() {
      permits.release(Integer.MAX_VALUE / 2);
    }

    @Override
    public int read() throws IOException {
      read.countDown();
      try {
        permits.acquire();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException();
      }
      return bytes.read();
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      int one = read();
      if (one < 0) {
        return -1;
      }
      into[offset] = (byte) one;
      return 1;
    }
  }
}
