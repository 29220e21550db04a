package dev.atelier.skytells.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.atelier.skytells.client.Fixtures;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DocumentReaderTest {
  @ParameterizedTest
  @ValueSource(strings = {"", " ", "<html>", "{", "{}{}", "{} x", "{'a':1}", "[1,]", "nothing"})
  void anythingButOneDocumentIsRejected(String text) {
    assertThat(Fixtures.read(text)).isEmpty();
  }

  @Test
  void unusedMembersOfAnySizeAndDepthAreSkipped() {
    String deep = "[".repeat(100_000) + "]".repeat(100_000);
    String json =
        "{\"id\":\"p\",\"logs\":\"%s\",\"input\":%s,\"usage\":{\"predict_time\":NaN,\"n\":%s},\"status\":\"queued\"}"
            .formatted("x".repeat(6_000_000), deep, "9".repeat(5000));

    assertThat(Fixtures.read(json))
        .contains(Fixtures.parse("{\"id\":\"p\",\"status\":\"queued\"}"));
  }

  @Test
  void longStringsOutsideAnOutputAreTruncated() {
    JsonNode document =
        Fixtures.read("{\"error\":\"" + "x".repeat(2_000_000) + "\"}").orElseThrow();

    assertThat(document.path("error").textValue()).hasSize(DocumentReader.MAX_TEXT);
  }

  @Test
  void outputStringsAreComplete() {
    String url = "data:image/png;base64," + "A".repeat(3_000_000);

    assertThat(
            Fixtures.read("{\"output\":\"" + url + "\"}").orElseThrow().path("output").textValue())
        .isEqualTo(url);
  }

  @Test
  void longOutputsInAListAreSkipped() {
    String longOutput = "data:;base64," + "A".repeat(300_000);
    byte[] json =
        ("[{\"id\":\"a\",\"output\":\""
                + longOutput
                + "\"},{\"id\":\"b\",\"output\":\"https://x/b\"}]")
            .getBytes(StandardCharsets.UTF_8);

    JsonNode list = Fixtures.read(DocumentReader.LIST, json).orElseThrow();

    assertThat(list.path(0).path("output")).isSameAs(DocumentReader.SKIPPED);
    assertThat(list.path(1).path("output").textValue()).isEqualTo("https://x/b");
  }

  @Test
  void aDeeplyNestedOutputIsKeptToALimitedDepth() {
    String deep = "[".repeat(5_000) + "\"https://x/y\"" + "]".repeat(5_000);

    assertThat(
            Fixtures.read("{\"id\":\"p\",\"output\":" + deep + "}")
                .orElseThrow()
                .path("id")
                .textValue())
        .isEqualTo("p");
  }

  @Test
  void malformedUtf8AndRawControlCharactersAreAccepted() {
    byte[] json = "{\"error\":\"a?b\nc\",\"id\":\"p\"}".getBytes(StandardCharsets.UTF_8);
    json[new String(json, StandardCharsets.UTF_8).indexOf('?')] = (byte) 0xFF;

    JsonNode document = Fixtures.read(DocumentReader.COMPLETE, json).orElseThrow();

    assertThat(document.path("error").textValue()).isEqualTo("a\uFFFDb\nc");
    assertThat(document.path("id").textValue()).isEqualTo("p");
  }

  @Test
  void theLastOfDuplicateMembersIsUsed() {
    assertThat(Fixtures.read("{\"id\":\"a\",\"id\":\"b\"}").orElseThrow().path("id").textValue())
        .isEqualTo("b");
  }

  @Test
  void aDocumentBeyondTheSizeLimitIsRejected() throws IOException {
    InputStream endless =
        new SequenceInputStream(
            new ByteArrayInputStream("{\"logs\":\"".getBytes(StandardCharsets.UTF_8)),
            new InputStream() {
              @Override
              public int read() {
                return 'x';
              }

              @Override
              public int read(byte[] into, int offset, int length) {
                Arrays.fill(into, offset, offset + length, (byte) 'x');
                return length;
              }
            });

    assertThat(DocumentReader.COMPLETE.read(endless)).isEmpty();
  }

  @Test
  void aBrokenStreamThrows() {
    InputStream broken =
        new FilterInputStream(InputStream.nullInputStream()) {
          @Override
          public int read(byte[] into, int offset, int length) throws IOException {
            throw new IOException("connection reset");
          }
        };

    assertThatThrownBy(() -> DocumentReader.COMPLETE.read(broken)).isInstanceOf(IOException.class);
  }
}
