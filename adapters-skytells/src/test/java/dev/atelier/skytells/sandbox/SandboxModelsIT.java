package dev.atelier.skytells.sandbox;

import static dev.atelier.skytells.sandbox.SandboxCaller.JSON;
import static dev.atelier.skytells.sandbox.SandboxCaller.createBody;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atelier.skytells.client.Fixtures;
import dev.atelier.skytells.sandbox.SandboxCaller.Reply;
import java.io.ByteArrayInputStream;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SandboxModelsIT {
  private static final String WITH_SCHEMAS = "?fields=input_schema,output_schema";
  private static final Duration WORK_TIME = Duration.ofMillis(50);

  private final Sandbox sandbox = Sandboxes.started("sk-test", "whsec_test", WORK_TIME);
  private final SandboxCaller caller = new SandboxCaller(sandbox::origin, "sk-test");

  @AfterEach
  void close() {
    sandbox.close();
    caller.close();
  }

  @Test
  void everyParameterHasATitleATypeAndAnOrder() throws Exception {
    for (JsonNode model : caller.get("/models" + WITH_SCHEMAS).json()) {
      JsonNode parameters = model.path("input_schema").path("properties");
      int order = 0;
      for (JsonNode parameter : parameters) {
        String name = model.path("namespace").asText() + " " + parameter;
        assertThat(parameter.path("x-order").asInt(-1)).as(name).isEqualTo(order++);
        assertThat(parameter.path("type").asText()).as(name).isNotEmpty();
        assertThat(parameter.path("title").asText()).as(name).isNotEmpty();
        assertThat(parameter.path("description").asText()).as(name).isNotEmpty();
      }
      assertThat(model.has("output_schema")).isTrue();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          imagen-4       | {"prompt": "a lake", "aspect_ratio": "9:16"}
          flux-2-flex    | {"prompt": "a lake", "guidance": 2.5, "steps": 20, "num_outputs": 2}
          beatfusion-2.0 | {"lyrics": "la la la", "prompt": "calm", "sample_rate": 16000}
          truefusion     | {"prompt": "a lake", "aspect_ratio": "16:9", "number_of_images": 2}
          truefusion-pro | {"prompt": "a lake", "width": 512, "height": 512, "seed": 4294967295, "num_inference_steps": 30, "negative_prompt": "fog", "num_outputs": 2}
          truefusion-video | {"prompt": "a lake", "duration_seconds": 5}
          """)
  void anInputThatConformsToTheSchemaIsAccepted(String model, String input) throws Exception {
    assertThat(create(model, input).status()).isEqualTo(202);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          imagen-4       | {"prompt": "a lake", "aspect_ratio": "4:3"} | aspect_ratio
          imagen-4       | {"prompt": "a lake", "width": 512}          | width
          imagen-4       | {"prompt": 7}                               | prompt
          flux-2-flex    | {"prompt": "a lake", "guidance": 11}        | guidance
          flux-2-flex    | {"prompt": "a lake", "width": "512"}        | width
          flux-2-flex    | {"prompt": "a lake", "input_images": ["a picture"]} | input_images.0
          flux-2-flex    | {"prompt": "a lake", "input_images": ["http://a/1","http://a/2","http://a/3","http://a/4","http://a/5"]} | input_images
          lumo           | {"image": "http://a/1", "seconds": 6}       | seconds
          beatfusion-2.0 | {"lyrics": "la", "sample_rate": 8000}       | sample_rate
          beatfusion-2.0 | {"lyrics": "la", "audio_format": "mp3"}     | audio_format
          """)
  void anInputThatDoesNotConformIsRefusedNamingTheParameter(
      String model, String input, String parameter) throws Exception {
    Reply reply = create(model, input);

    assertThat(reply.status()).isEqualTo(422);
    assertThat(reply.errorId()).isEqualTo("INVALID_INPUT");
    assertThat(reply.json().path("response").asText()).startsWith("The input." + parameter + " ");
    assertThat(sandbox.predictions()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          imagen-4       | {}                              | prompt
          imagen-4       | {"prompt": " "}                 | prompt
          imagen-4       | {"width": 1}                    | prompt
          lumo           | {"prompt": "a wave"}            | image
          beatfusion-2.0 | {"prompt": "a calm song"}       | lyrics
          """)
  void aMissingParameterIsRefusedLikeADocumentedOne(String model, String input, String parameter)
      throws Exception {
    Reply reply = create(model, input);

    String documented = Fixtures.json("error-422-validation-unified.json").toString();
    assertThat(reply.json())
        .isEqualTo(JSON.readTree(documented.replace("The input ", "The input." + parameter + " ")));
  }

  @Test
  void aTextModelIsNotSupported() throws Exception {
    Reply reply = create("gpt-5", "{\"prompt\": \"a poem\"}");

    assertThat(reply.status()).isEqualTo(422);
    assertThat(reply.errorId()).isEqualTo("MODEL_NOT_SUPPORTED");
  }

  @Test
  void anOfflineModelIsNotSupported() throws Exception {
    put(model("napping").put("status", "offline"));

    Reply reply = create("napping", "{\"prompt\": \"a lake\"}");

    assertThat(reply.status()).isEqualTo(422);
    assertThat(reply.errorId()).isEqualTo("MODEL_NOT_SUPPORTED");
    assertThat(reply.json().path("response").asText()).contains("offline");
  }

  @Test
  void aSongIsAWaveFileOfTheReportedLength() throws Exception {
    JsonNode done =
        finished("beatfusion-2.0", "{\"lyrics\": \"la la la\", \"sample_rate\": 16000}");

    String url = done.path("output").get(0).asText();
    HttpResponse<byte[]> file = caller.download(url);
    AudioInputStream audio = AudioSystem.getAudioInputStream(new ByteArrayInputStream(file.body()));
    assertThat(url).endsWith("/0.wav");
    assertThat(file.headers().firstValue("Content-Type")).contains("audio/wav");
    assertThat(audio.getFormat().getSampleRate()).isEqualTo(16_000);
    double seconds = done.path("metrics").path("duration").asDouble();
    assertThat(audio.getFrameLength() / 16_000.0).isEqualTo(seconds);
    assertThat(done.path("metrics").path("asset_count").asInt()).isEqualTo(1);
    assertThat(done.path("metrics").has("image_count")).isFalse();
    assertThat(done.path("metadata").path("storage").path("files").get(0).path("type").asText())
        .isEqualTo("audio/wav");
    assertThat(credits(done)).isEqualTo(0.005 * seconds);
  }

  @Test
  void faultsAndForbiddenWordsAreReadFromLyricsToo() throws Exception {
    assertThat(create("beatfusion-2.0", "{\"lyrics\": \"la [create:500]\"}").status())
        .isEqualTo(500);
    assertThat(create("beatfusion-2.0", "{\"lyrics\": \"NSFW\"}").status()).isEqualTo(451);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          imagen-4         | {"prompt": "a lake"}                              | 0.04
          truefusion       | {"prompt": "a lake", "number_of_images": 3}       | 0.09
          flux-2-flex      | {"prompt": "a lake", "width": 500, "height": 1000, "num_outputs": 2} | 0.06
          truefusion-video | {"prompt": "a lake", "duration_seconds": 10}      | 0.8
          """)
  void theBillFollowsTheUnitOfTheModel(String model, String input, double credits)
      throws Exception {
    assertThat(credits(finished(model, input))).isEqualTo(credits);
  }

  @Test
  void aVideoIsBilledBySecondIfThatIsTheUnit() throws Exception {
    ObjectNode model = model("clips").put("type", "video");
    model.putObject("pricing").put("amount", 0.1).put("currency", "USD").put("unit", "second");
    ObjectNode seconds = (ObjectNode) model.path("input_schema").path("properties");
    seconds.putObject("seconds").put("type", "integer").put("default", 3);
    put(model);

    JsonNode byDefault = finished("clips", "{\"prompt\": \"a wave\"}");
    JsonNode longer = finished("clips", "{\"prompt\": \"a wave\", \"seconds\": 8}");

    assertThat(credits(byDefault)).isEqualTo(0.3);
    assertThat(byDefault.path("metrics").path("duration").asDouble()).isEqualTo(3);
    assertThat(credits(longer)).isEqualTo(0.8);
  }

  @Test
  void aModelIsAddedReplacedAndRemovedAtOnce() throws Exception {
    ObjectNode model = model("Novel-1.0");
    assertThat(put(model)).isEqualTo(model);
    assertThat(caller.get("/models/novel-1.0" + WITH_SCHEMAS).json()).isEqualTo(model);
    assertThat(caller.get("/models/novel-1.0").json().has("input_schema")).isFalse();
    assertThat(slugs()).endsWith("Novel-1.0");
    assertThat(create("novel-1.0", "{\"prompt\": \"a lake\"}").status()).isEqualTo(202);

    put(model("novel-1.0").put("description", "another"));
    assertThat(slugs()).endsWith("novel-1.0").doesNotContain("Novel-1.0");
    assertThat(caller.get("/models/novel-1.0").json().path("description").asText())
        .isEqualTo("another");

    assertThat(caller.admin("DELETE", "/models/novel-1.0", "").status()).isEqualTo(200);
    assertThat(slugs()).doesNotContain("novel-1.0");
    assertThat(create("novel-1.0", "{\"prompt\": \"a lake\"}").status()).isEqualTo(404);
    assertThat(caller.admin("DELETE", "/models/novel-1.0", "").status()).isEqualTo(404);
  }

  @Test
  void aTestCanAddAModelWithoutHttp() throws Exception {
    sandbox.putModel(model("novel").toString());

    assertThat(slugs()).contains("novel");
    assertThatIllegalArgumentException().isThrownBy(() -> sandbox.putModel("{"));
    assertThatIllegalArgumentException().isThrownBy(() -> sandbox.putModel("{}"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"namespace", "type", "input_schema"})
  void aModelWithoutARequiredMemberIsRefused(String member) throws Exception {
    ObjectNode model = model("novel");
    model.remove(member);

    Reply reply = caller.admin("POST", "/models", model.toString());

    assertThat(reply.status()).isEqualTo(422);
    assertThat(reply.json().path("response").asText()).contains(member);
    assertThat(caller.admin("POST", "/models", "[").status()).isEqualTo(422);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "7",
        "\"text\"",
        "null",
        "[]",
        "true",
        "{\"type\": 7}",
        "{\"$ref\": \"#\"}",
        "{\"$ref\": \"#/$defs/missing\"}",
        "{\"$ref\": \"http://127.0.0.1:1/schema.json\"}",
        "{\"$schema\": \"http://127.0.0.1:1/dialect.json\", \"type\": \"object\"}",
        "{\"properties\": {\"prompt\": {\"pattern\": \"(\"}}}",
        "{\"properties\": {\"prompt\": {\"pattern\": \"^(.*)(.*)(.*)(.*)(.*)(.*)(.*)(.*)b$\"}}}",
        "{\"properties\": [], \"required\": 3}",
        "{\"allOf\": [{\"$ref\": \"#\"}]}",
      })
  void aBrokenSchemaIsPublishedAndNotUsed(String schema) throws Exception {
    put((ObjectNode) model("broken").set("input_schema", JSON.readTree(schema)));

    String prompt = "a".repeat(60) + "!";
    JsonNode done = finished("broken", "{\"prompt\": \"" + prompt + "\"}");

    assertThat(done.path("output")).hasSize(1);
    assertThat(caller.get("/models/broken" + WITH_SCHEMAS).json().path("input_schema"))
        .isEqualTo(JSON.readTree(schema));
  }

  @Test
  void aRemoteReferenceIsNotFollowed() throws Exception {
    try (var host = new ImageHost()) {
      String schema = "{\"$ref\": \"" + host.url("/schema.json") + "\"}";
      put((ObjectNode) model("remote").set("input_schema", JSON.readTree(schema)));

      assertThat(create("remote", "{\"anything\": 1}").status()).isEqualTo(202);

      assertThat(host.requests()).isEmpty();
    }
  }

  @Test
  void unknownParametersAreAcceptedIfTheSchemaSaysSo() throws Exception {
    ObjectNode model = model("open");
    ((ObjectNode) model.path("input_schema")).put("additionalProperties", true);
    put(model);

    assertThat(create("open", "{\"prompt\": \"a lake\", \"mood\": \"calm\"}").status())
        .isEqualTo(202);
  }

  @Test
  void theCatalogCanFail() throws Exception {
    setFault("503");
    assertThat(caller.get("/models").status()).isEqualTo(503);
    assertThat(caller.get("/models/truefusion").errorId()).isEqualTo("SERVICE_UNAVAILABLE");
    assertThat(caller.create(createBody("a lake")).status()).isEqualTo(202);
    setFault("html");
    assertThat(caller.get("/models").body()).startsWith("<html>");
    setFault("none");
    assertThat(caller.get("/models").json()).isNotEmpty();

    Reply unknown = caller.admin("POST", "/models-fault", "{\"fault\": \"smoke\"}");
    assertThat(unknown.status()).isEqualTo(422);
    assertThat(unknown.json().path("response").asText()).contains("503", "html", "hang", "none");
  }

  @Test
  void aHangingCatalogBlocksNothingElse() throws Exception {
    setFault("hang");
    CompletableFuture<Reply> hanging =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return caller.get("/models");
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            });

    assertThat(caller.create(createBody("a lake")).status()).isEqualTo(202);
    sandbox.close();

    assertThat(hanging.handle((_, failure) -> failure).get(30, TimeUnit.SECONDS)).isNotNull();
  }

  private void setFault(String fault) throws Exception {
    assertThat(caller.admin("POST", "/models-fault", "{\"fault\": \"" + fault + "\"}").json())
        .isEqualTo(JSON.createObjectNode().put("fault", fault));
  }

  private JsonNode put(ObjectNode model) throws Exception {
    Reply reply = caller.admin("POST", "/models", model.toString());
    assertThat(reply.status()).as(reply.body()).isEqualTo(200);
    return reply.json();
  }

  /** An image model with a prompt. */
  private static ObjectNode model(String slug) {
    ObjectNode model = JSON.createObjectNode().put("namespace", slug).put("type", "image");
    ObjectNode schema = model.putObject("input_schema").put("type", "object");
    schema.putArray("required").add("prompt");
    schema.putObject("properties").putObject("prompt").put("type", "string");
    return model;
  }

  private List<String> slugs() throws Exception {
    return caller
        .get("/models")
        .json()
        .valueStream()
        .map(m -> m.path("namespace").asText())
        .toList();
  }

  private Reply create(String model, String input) throws Exception {
    ObjectNode body = JSON.createObjectNode().put("model", model);
    body.set("input", JSON.readTree(input));
    return caller.create(body);
  }

  private JsonNode finished(String model, String input) throws Exception {
    Reply reply = create(model, input);
    assertThat(reply.status()).as(reply.body()).isEqualTo(202);
    return caller.awaitStatus("succeeded", reply.json().path("id").asText());
  }

  private static double credits(JsonNode prediction) {
    return prediction.path("metadata").path("billing").path("credits_used").asDouble();
  }
}
