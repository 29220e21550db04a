package dev.atelier.skytells.sandbox;

import static dev.atelier.skytells.sandbox.SandboxCaller.JSON;
import static dev.atelier.skytells.sandbox.SandboxCaller.createBody;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atelier.skytells.sandbox.SandboxCaller.Reply;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import javax.imageio.ImageIO;
import org.jcodec.api.FrameGrab;
import org.jcodec.common.io.ByteBufferSeekableByteChannel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SandboxInputsIT {
  private final Sandbox sandbox = Sandboxes.started("sk-test", "whsec_test", Duration.ofMillis(50));
  private final SandboxCaller caller = new SandboxCaller(sandbox::origin, "sk-test");
  private final ImageHost host = new ImageHost();

  SandboxInputsIT() throws IOException {}

  @AfterEach
  void close() {
    sandbox.close();
    caller.close();
    host.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/left-red.png", "/left-red.jpg", "/redirect/3"})
  void anInputImageIsVisibleInTheOutput(String path) throws Exception {
    JsonNode done = finished(restyle("a poster", path));

    BufferedImage picture = picture(done.path("output").get(0).asText());
    assertThat(picture.getWidth()).isEqualTo(256);
    assertThat(picture.getRGB(20, 60))
        .as("one colour on the left")
        .isEqualTo(picture.getRGB(90, 90));
    assertThat(picture.getRGB(160, 60)).isEqualTo(picture.getRGB(230, 90));
    assertThat(picture.getRGB(20, 60)).isNotEqualTo(picture.getRGB(230, 60));
  }

  @Test
  void everyInputImageIsDownloadedOnce() throws Exception {
    ObjectNode body = restyle("a poster", "/left-red.png", "/left-red.jpg");
    ((ObjectNode) body.path("input")).put("num_outputs", 2);

    JsonNode done = finished(body);
    byte[] first = caller.download(done.path("output").get(0).asText()).body();
    byte[] second = caller.download(done.path("output").get(1).asText()).body();

    assertThat(first).isNotEqualTo(second);
    assertThat(host.requests()).containsExactly("/left-red.png", "/left-red.jpg");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          /missing.png | its server answered 404
          /text        | is not an image of a supported type
          /damaged.png | is a damaged image
          /large       | is larger than 32 MiB
          /redirect/4  | more than 3 redirects
          """)
  void anUnusableInputImageFailsThePrediction(String path, String reason) throws Exception {
    Reply created = caller.create(restyle("a poster", path));

    JsonNode failed = caller.awaitStatus("failed", created.json().path("id").asText());

    assertThat(failed.path("error").asText())
        .startsWith("The image input.input_images ")
        .contains(reason)
        .doesNotContain("127.0.0.1");
    assertThat(failed.path("output").isNull()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ftp://127.0.0.1/a.png",
        "http:a",
        "file:///etc/hosts",
        "http://127.0.0.1:1/a.png"
      })
  void aUrlThatCannotBeDownloadedFailsThePrediction(String url) throws Exception {
    ObjectNode body = restyle("a poster");
    ((ObjectNode) body.path("input")).putArray("input_images").add(url);

    Reply created = caller.create(body);

    JsonNode failed = caller.awaitStatus("failed", created.json().path("id").asText());
    assertThat(failed.path("error").asText()).contains("could not be downloaded");
  }

  @Test
  void aSlowDownloadDelaysOnlyItsPrediction() throws Exception {
    String slow = caller.createAccepted(restyle("a poster", "/slow.png"));
    host.awaitSlowRequest();

    caller.awaitStatus("succeeded", caller.createAccepted(createBody("a lake")));

    assertThat(caller.prediction(slow).path("status").asText()).isEqualTo("processing");
    host.release();
    caller.awaitStatus("succeeded", slow);
  }

  @Test
  void aPredictionIsCanceledDuringADownload() throws Exception {
    String slow = caller.createAccepted(restyle("a poster", "/slow.png"));
    host.awaitSlowRequest();

    caller.call("POST", "/predictions/" + slow + "/cancel", "");
    host.release();

    assertThat(caller.prediction(slow).path("status").asText()).isEqualTo("canceled");
  }

  @Test
  void aDeletedRunningPredictionDownloadsItsInputsOnce() throws Exception {
    String slow = caller.createAccepted(restyle("a poster", "/slow.png"));
    host.awaitSlowRequest();

    caller.call("DELETE", "/predictions/" + slow, "");
    host.release();

    caller.admin("POST", "/predictions/" + slow + "/finish", "");
    assertThat(sandbox.predictions().getFirst().status()).isEqualTo("succeeded");
    assertThat(host.requests()).containsExactly("/slow.png");
  }

  @Test
  void theAdminRouteWaitsForTheDownloads() throws Exception {
    String id = caller.createAccepted(restyle("a poster [webhook:drop]", "/left-red.png"));

    Reply finished = caller.admin("POST", "/predictions/" + id + "/finish", "");

    assertThat(finished.json().path("status").asText()).isEqualTo("succeeded");
  }

  @Test
  void aVideoIsMadeOfTheInputImage() throws Exception {
    ObjectNode body = JSON.createObjectNode().put("model", "lumo");
    body.putObject("input").put("image", host.url("/left-red.png"));

    JsonNode done = finished(body);

    HttpResponse<byte[]> file = caller.download(done.path("output").get(0).asText());
    assertThat(file.headers().firstValue("Content-Type")).contains("video/mp4");
    assertThat(decoded(file.body()).getVideoTrack().getMeta().getTotalDuration()).isEqualTo(5.0);
    assertThat(done.path("metrics").path("duration").asDouble()).isEqualTo(5.0);
    assertThat(done.path("metadata").path("billing").path("credits_used").asDouble())
        .isEqualTo(0.6);
    assertThat(host.requests()).containsExactly("/left-red.png");
  }

  private static FrameGrab decoded(byte[] video) throws Exception {
    return FrameGrab.createFrameGrab(
        ByteBufferSeekableByteChannel.readFromByteBuffer(ByteBuffer.wrap(video)));
  }

  private ObjectNode restyle(String prompt, String... paths) {
    ObjectNode body = createBody(prompt).put("model", "flux-2-flex");
    var images = ((ObjectNode) body.path("input")).putArray("input_images");
    for (String path : paths) {
      images.add(host.url(path));
    }
    return body;
  }

  private JsonNode finished(ObjectNode body) throws Exception {
    return caller.awaitStatus("succeeded", caller.createAccepted(body));
  }

  private BufferedImage picture(String url) throws Exception {
    return ImageIO.read(new ByteArrayInputStream(caller.download(url).body()));
  }
}
