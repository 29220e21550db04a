package dev.atelier.application.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atelier.application.port.MutableClock;
import dev.atelier.application.store.TransferLimiter.Permit;
import dev.atelier.application.store.TransferLimiter.PreemptedException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TransferLimiterTest {
  private static final int PACE = (int) TransferLimiter.MIN_BYTES_PER_SECOND;

  private final MutableClock clock = new MutableClock();
  private final TransferLimiter lane = new TransferLimiter(2, clock::nanoTime);
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  @AfterEach
  void close() {
    threads.shutdownNow();
    threads.close();
  }

  @Test
  void runsNoMoreTransfersThanPermits() throws Exception {
    Permit first = lane.acquire();
    Permit second = lane.acquire();
    Future<Permit> third = waiting(1);

    assertThat(third.isDone()).isFalse();
    first.close();
    third.get().close();
    second.close();
  }

  @Test
  void doesNotPreemptASlowTransferWhileNobodyWaits() throws Exception {
    try (Permit permit = lane.acquire();
        Permit _ = lane.acquire();
        InputStream bytes = permit.preemptible(arriving(1))) {
      assertThatCode(() -> bytes.readNBytes(200)).doesNotThrowAnyException();
    }
  }

  @Test
  void preemptsATooSlowTransferIfOthersWait() throws Exception {
    Future<Permit> waiting;
    try (Permit permit = lane.acquire();
        Permit _ = lane.acquire()) {
      waiting = waiting(1);
      InputStream bytes = permit.preemptible(arriving(1));

      assertThat(bytes.readNBytes(10)).hasSize(10);
      assertThatThrownBy(bytes::read).isInstanceOf(PreemptedException.class);
    }
    waiting.get().close();
  }

  @Test
  void doesNotPreemptATransferThatIsFastEnough() throws Exception {
    try (Permit permit = lane.acquire();
        Permit _ = lane.acquire()) {
      Future<Permit> _ = waiting(1);
      InputStream bytes = permit.preemptible(arriving(PACE));

      assertThatCode(() -> bytes.readNBytes(200 * PACE)).doesNotThrowAnyException();
    }
  }

  @Test
  void preemptsATransferThatBecomesTooSlow() throws Exception {
    try (Permit permit = lane.acquire();
        Permit _ = lane.acquire()) {
      Future<Permit> _ = waiting(1);
      InputStream bytes = permit.preemptible(arriving(100 * PACE, 1));

      assertThatThrownBy(() -> bytes.readNBytes(101 * PACE)).isInstanceOf(PreemptedException.class);
    }
  }

  @Test
  void doesNotCountTheTimeOfTheDestination() throws Exception {
    try (Permit permit = lane.acquire();
        Permit _ = lane.acquire()) {
      Future<Permit> _ = waiting(1);
      InputStream bytes = permit.preemptible(arriving(PACE));

      for (int i = 0; i < 100; i++) {
        assertThat(bytes.readNBytes(PACE)).hasSize(PACE);
        clock.advance(Duration.ofSeconds(10));
      }
    }
  }

  @Test
  void doesNotPreemptWhenTheClockIsSet() throws Exception {
    try (Permit permit = lane.acquire();
        Permit _ = lane.acquire()) {
      Future<Permit> _ = waiting(1);
      InputStream bytes =
          permit.preemptible(
              new FilterInputStream(arriving(PACE)) {
                @Override
                public int read(byte[] into, int offset, int length) throws IOException {
                  clock.set(clock.instant().plus(Duration.ofHours(1)));
                  return super.read(into, offset, length);
                }
              });

      assertThatCode(() -> bytes.readNBytes(20 * PACE)).doesNotThrowAnyException();
    }
  }

  @Test
  void preemptsNoMoreTransfersThanAreWaiting() throws Exception {
    Permit first = lane.acquire();
    Permit second = lane.acquire();
    Future<Permit> waiting = waiting(1);

    assertThatThrownBy(() -> first.preemptible(arriving(1)).readNBytes(100))
        .isInstanceOf(PreemptedException.class);
    assertThatCode(() -> second.preemptible(arriving(1)).readNBytes(100))
        .doesNotThrowAnyException();

    first.close();
    Permit third = waiting.get();
    Future<Permit> next = waiting(1);
    assertThatThrownBy(() -> second.preemptible(arriving(1)).readNBytes(100))
        .isInstanceOf(PreemptedException.class);
    second.close();
    third.close();
    next.get().close();
  }

  @Test
  void doesNotPreemptACompleteTransfer() throws Exception {
    try (Permit permit = lane.acquire();
        Permit _ = lane.acquire()) {
      Future<Permit> _ = waiting(1);
      clock.advance(Duration.ofMinutes(1));
      InputStream ended = permit.preemptible(InputStream.nullInputStream());

      assertThat(ended.read()).isEqualTo(-1);
      assertThat(ended.read(new byte[1])).isEqualTo(-1);
    }
  }

  /** Starts to acquire a permit and returns when {@code waiting} threads wait. */
  private Future<Permit> waiting(int waiting) {
    Future<Permit> permit = threads.submit(lane::acquire);
    long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (lane.waiting() < waiting) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      Thread.onSpinWait();
    }
    return permit;
  }

  /** An endless stream with these numbers of bytes per second; the last number repeats. */
  private InputStream arriving(int... perSecond) {
    return new InputStream() {
      private int second;

      @Override
      public int read() throws IOException {
        return read(new byte[1], 0, 1);
      }

      @Override
      public int read(byte[] into, int offset, int length) {
        if (length == 0) {
          return 0;
        }
        clock.advance(Duration.ofSeconds(1));
        int arrived = perSecond[Math.min(second++, perSecond.length - 1)];
        return Math.min(arrived, length);
      }
    };
  }
}
