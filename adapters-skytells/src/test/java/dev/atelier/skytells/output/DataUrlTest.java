package dev.atelier.skytells.output;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atelier.application.port.Outputs;
import dev.atelier.application.port.Outputs.Fetch;
import dev.atelier.domain.MediaType;
import dev.atelier.domain.Output;
import java.io.IOException;
import java.time.Duration;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DataUrlTest {
  private static final OutputLimits LIMITS =
      new OutputLimits(
          10_000, 20_000, Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofSeconds(10));
  private static final byte[] GIF = "GIF89a\u0001\u0002>?~".getBytes(UTF_8);
  private static final String ENCODED = Base64.getEncoder().encodeToString(GIF);

  private final SkytellsOutputs outputs = new SkytellsOutputs(OutputHosts.DEFAULT, LIMITS);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "data:image/gif;base64,",
        "data:;base64,",
        "data:image/png;base64,",
        "data:image/gif;charset=utf-8;name=a.gif;base64,",
        "DATA:image/gif;BASE64,",
        " \ndata:image/gif;base64,",
      })
  void base64IsDecodedRegardlessOfTypeAndParameters(String prefix) throws IOException {
    assertThat(read(prefix + ENCODED)).isEqualTo(GIF);
    assertThat(content(prefix + ENCODED).type()).isEqualTo(MediaType.GIF);
  }

  @Test
  void base64MayBeWrappedEscapedUnpaddedOrUrlSafe() throws IOException {
    String unpadded = Base64.getUrlEncoder().withoutPadding().encodeToString(GIF);

    assertThat(read("data:;base64," + ENCODED.replaceAll("(.{4})", "$1\r\n "))).isEqualTo(GIF);
    assertThat(read("data:;base64," + ENCODED.replace("=", "%3D").replace("+", "%2b")))
        .isEqualTo(GIF);
    assertThat(read("data:;base64," + unpadded)).isEqualTo(GIF);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "data:image/svg+xml,%3Csvg%3E%3C/svg%3E | <svg></svg>",
        "data:image/svg+xml;utf8,<svg width='100%' fill='#fff'>é</svg> | <svg width='100%' fill='#fff'>é</svg>",
        "data:,GIF89a%2c, | GIF89a,,",
      })
  void anythingElseIsPercentEncoded(String url, String text) throws IOException {
    assertThat(new String(read(url), UTF_8)).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "data:",
        "data:image/png;base64",
        "data:image/png;base64,@@@@",
        "data:image/png;base64,iVBOR",
        "data:image/png;base64,iVBORw0K\u00e9Ggo=",
        "data:image/png;base64,iVBO%zzRw0K",
        "data:image/png;base64,",
        "data:,",
        "data:text/html,<html>",
        "data:application/json,{\"error\":1}",
      })
  void invalidDataUrlsAndErrorPagesAreRejected(String url) {
    assertThat(outputs.fetch(new Output(url))).isInstanceOf(Fetch.Rejected.class);
  }

  @Test
  void theSizeLimitsAreThoseOfADownload() throws IOException {
    byte[] most = new byte[10_000];
    System.arraycopy(GIF, 0, most, 0, GIF.length);
    byte[] more = new byte[10_001];
    System.arraycopy(GIF, 0, more, 0, GIF.length);

    assertThat(read("data:;base64," + Base64.getEncoder().encodeToString(most))).hasSize(10_000);
    assertThatThrownBy(() -> read("data:;base64," + Base64.getEncoder().encodeToString(more)))
        .isInstanceOf(Outputs.RejectedException.class);
  }

  @Test
  void neitherTheOutputNorARejectionPrintsTheUrl() {
    var output = new Output("data:image/png;base64,@secret");

    assertThat(output.toString()).doesNotContain("secret");
    assertThat(outputs.fetch(output).toString()).doesNotContain("secret");
  }

  private byte[] read(String url) throws IOException {
    try (var content = content(url)) {
      return content.bytes().readAllBytes();
    }
  }

  private Fetch.Content content(String url) {
    Fetch fetch = outputs.fetch(new Output(url));
    assertThat(fetch).isInstanceOf(Fetch.Content.class);
    return (Fetch.Content) fetch;
  }
}
