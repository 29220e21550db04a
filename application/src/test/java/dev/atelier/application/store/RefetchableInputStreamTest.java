package dev.atelier.application.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atelier.application.Pictures;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RefetchableInputStreamTest {
  private final AtomicInteger fetches = new AtomicInteger();

  @Test
  void resetFetchesTheBytesAgain() throws Exception {
    try (var source = refetchable()) {
      source.mark(0);
      assertThat(source.readNBytes(10)).hasSize(10);
      assertThat(fetches).hasValue(0);

      source.reset();

      assertThat(source.readAllBytes()).isEqualTo(Pictures.PNG);
    }
    assertThat(fetches).hasValue(1);
  }

  @Test
  void resetFailsIfTheFetchFails() throws Exception {
    var failure = new IOException("not found");
    try (var source =
        new RefetchableInputStream(
            new ByteArrayInputStream(Pictures.PNG),
            () -> {
              throw failure;
            })) {
      assertThatThrownBy(source::reset).isSameAs(failure);
    }
  }

  private RefetchableInputStream refetchable() {
    return new RefetchableInputStream(
        new ByteArrayInputStream(Pictures.PNG),
        () -> {
          fetches.incrementAndGet();
          return new ByteArrayInputStream(Pictures.PNG);
        });
  }
}
