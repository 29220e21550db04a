package dev.atelier.application.port;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ByteRangeTest {
  @ParameterizedTest
  @CsvSource({"-1, 1", "0, 0", "0, -1", "1, 9223372036854775807"})
  void rejectsAnInvalidRange(long first, long length) {
    assertThatThrownBy(() -> new ByteRange(first, length))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aLinkDoesNotPrintItsUrl() {
    var link = new BlobLink(URI.create("https://bucket.example/?s3cret"), Duration.ofMinutes(1));

    assertThat(link.toString()).doesNotContain("s3cret");
  }
}
