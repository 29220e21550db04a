package dev.atelier.skytells.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atelier.application.port.InMemoryPublishedModels;
import dev.atelier.application.port.InputBuilder;
import dev.atelier.application.port.ModelCatalog.Lookup;
import dev.atelier.application.port.ModelCatalog.Offer;
import dev.atelier.application.port.MutableClock;
import dev.atelier.domain.GenerationOptions;
import dev.atelier.domain.Model;
import dev.atelier.domain.ModelInput;
import dev.atelier.domain.Price;
import dev.atelier.domain.Prompt;
import dev.atelier.skytells.model.SkytellsInputBuilder;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SkytellsModelCatalogTest {
  private static final String MODEL = Fixtures.text("response-model.json");
  private static final Model TRUEFUSION = new Model("truefusion", Model.Kind.IMAGE);
  private static final Optional<Price> NO_PRICE = Optional.empty();

  /** The parameter {@code style} has one value. */
  private static final String SCHEMA =
      """
      {"properties": {"style": {"enum": ["oil"]}, "prompt": {"type": "string"}}}""";

  private final ScriptedServer server = new ScriptedServer();
  private final MutableClock clock = new MutableClock();
  private final SkytellsClient client = new SkytellsClient(Settings.of(server), clock);
  private final InMemoryPublishedModels published = new InMemoryPublishedModels();
  private final Queue<Runnable> background = new ArrayDeque<>();
  private SkytellsModelCatalog catalog = newInstance();

  SkytellsModelCatalogTest() throws IOException {}

  private SkytellsModelCatalog newInstance() {
    return new SkytellsModelCatalog(client, published, background::add, clock);
  }

  @AfterEach
  void close() {
    client.close();
    server.close();
  }

  private void runBackground() {
    while (!background.isEmpty()) {
      background.remove().run();
    }
  }

  private static String model(String slug, String schema) {
    return """
    {"namespace": "%s", "type": "image", "input_schema": %s}"""
        .formatted(slug, schema);
  }

  private void list(String... models) {
    server.always(ScriptedServer.json(200, "[" + String.join(",", models) + "]"));
  }

  @Test
  void theListMayBeBareOrPaged() {
    list(MODEL);
    assertThat(catalog.offers())
        .containsExactly(
            new Offer(
                TRUEFUSION,
                "TrueFusion",
                "TrueFusion Standard",
                true,
                Optional.of(new Price(new BigDecimal("0.03"), "USD", "image")),
                Optional.empty()));
    assertThat(server.requests().getFirst().path()).isEqualTo("/v1/models");
    assertThat(server.requests().getFirst().query()).isEqualTo("fields=input_schema,output_schema");

    catalog = newInstance();
    server.always(ScriptedServer.json(200, "{\"data\":[" + model("flux-pro", SCHEMA) + "]}"));
    catalog.warmUp();
    runBackground();
    assertThat(catalog.find("flux-pro")).isInstanceOf(Lookup.Found.class);
  }

  @Test
  void theListIsRefreshedInTheBackgroundAfterTenMinutes() {
    list(MODEL);
    catalog.offers();
    clock.advance(Duration.ofMinutes(10).minusNanos(1));
    catalog.offers();
    assertThat(background).isEmpty();

    list(MODEL, model("flux-pro", SCHEMA));
    clock.advance(Duration.ofNanos(1));
    assertThat(catalog.offers()).as("does not wait").hasSize(1);
    runBackground();
    assertThat(catalog.offers()).hasSize(2);
    assertThat(server.requests()).hasSize(2);
  }

  @Test
  void onlyTheFirstRequestWaitsForAnUnreachableSkytells() {
    server.always(ScriptedServer.status(503));
    assertThat(catalog.offers()).isEmpty();

    assertThat(catalog.find("truefusion-pro")).isInstanceOf(Lookup.Found.class);
    clock.advance(Duration.ofMinutes(2));
    assertThat(catalog.find("truefusion-pro")).isInstanceOf(Lookup.Found.class);
    assertThat(server.requests()).hasSize(1);

    runBackground();
    assertThat(server.requests()).hasSize(2);
  }

  @Test
  void aStaleListIsUsedWhenTheRefreshFails() {
    list(MODEL);
    catalog.offers();
    clock.advance(Duration.ofMinutes(10));
    server.always(ScriptedServer.json(401, Fixtures.text("error-401-simple-response-only.json")));

    assertThat(catalog.offers()).hasSize(1);
    runBackground();
    assertThat(catalog.offers()).hasSize(1);
    assertThat(background).as("no refresh within a minute").isEmpty();

    clock.advance(Duration.ofMinutes(1));
    list(MODEL, model("flux-pro", SCHEMA));
    catalog.offers();
    runBackground();
    assertThat(catalog.offers()).hasSize(2);
  }

  @Test
  void anEmptyListIsAFailedRefresh() {
    list(MODEL);
    catalog.offers();
    clock.advance(Duration.ofMinutes(10));
    list();
    catalog.offers();
    runBackground();

    assertThat(catalog.offers()).hasSize(1);
    clock.advance(Duration.ofMinutes(1));
    catalog.offers();
    assertThat(background).as("another attempt after a minute").hasSize(1);
  }

  @Test
  void aNewInstanceStartsWithWhatAnotherOneKnew() {
    list(model("flux-pro", SCHEMA));
    assertThat(rejects("flux-pro")).isTrue();

    server.always(ScriptedServer.status(503));
    catalog = newInstance();

    assertThat(catalog.offers()).hasSize(1);
    assertThat(rejects("flux-pro")).isTrue();
  }

  @Test
  void workWithoutTheDatabase() {
    published.breakDown(true);
    list(model("flux-pro", SCHEMA));

    assertThat(rejects("flux-pro")).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "null",
        "7",
        "{}",
        "{\"properties\": {}}",
        "{\"properties\": {\"style\": {}}, \"$ref\": \"https://example.com/style.json\"}",
        "{\"properties\": {\"style\": {}}, \"$ref\": \"#/nowhere\"}",
        "{\"properties\": {\"style\": {}}, \"$ref\": \"#\"}"
      })
  void theLastUsableSchemaIsKept(String broken) {
    list(model("flux-pro", SCHEMA));
    catalog.offers();
    list(model("flux-pro", broken));
    clock.advance(Duration.ofMinutes(10));
    catalog.offers();
    runBackground();

    assertThat(rejects("flux-pro")).isTrue();
    server.always(ScriptedServer.status(503));
    catalog = newInstance();
    assertThat(rejects("flux-pro")).as("on another instance").isTrue();
  }

  @Test
  void asksForTheSchemaOfAModelThatTheListLacks() {
    list(model("flux-pro", "null"));
    catalog.offers();
    server.next(ScriptedServer.json(200, model("flux-pro", SCHEMA)));

    assertThat(rejects("flux-pro")).isTrue();
    assertThat(rejects("flux-pro")).isTrue();
    assertThat(server.requests()).hasSize(2);
    assertThat(server.requests().getLast().path()).isEqualTo("/v1/models/flux-pro");
  }

  @Test
  void aModelThatIsAddedAtRunTimeIsFoundAtOnce() {
    list(MODEL);
    catalog.offers();
    clock.advance(Duration.ofSeconds(10));
    list(MODEL, model("flux-9", SCHEMA));

    assertThat(catalog.find("FLUX-9")).isInstanceOf(Lookup.Found.class);
  }

  @Test
  void unlistedModelsCauseOneRequestInTenSeconds() {
    list(MODEL);
    for (int i = 0; i < 50; i++) {
      assertThat(catalog.find("model-" + i)).isInstanceOf(Lookup.Unlisted.class);
    }

    assertThat(server.requests()).hasSize(1);
  }

  @Test
  void aModelWithoutImagesVideosOrAudioIsNotOffered() {
    list(
        """
        {"namespace":"skytells/mera","type":"VIDEO","status":"offline","pricing":null}""",
        """
        {"namespace":"gpt-5","type":"text"}""",
        """
        {"namespace":"beatfusion-2.0","type":"music"}""",
        """
        {"namespace":"no slug","type":"image"}""",
        """
        {"namespace":"sora-2"}""",
        "{\"type\":\"image\"}",
        "7",
        "null",
        """
        {"namespace":"FLUX.2-pro","type":"image","pricing":{"amount":1}}""");

    assertThat(catalog.offers())
        .containsExactly(
            new Offer(
                new Model("mera", Model.Kind.VIDEO),
                "mera",
                "",
                false,
                Optional.empty(),
                Optional.empty()),
            Offer.of(new Model("beatfusion-2.0", Model.Kind.AUDIO)),
            Offer.of(new Model("sora-2", Model.Kind.VIDEO)),
            Offer.of(new Model("FLUX.2-pro", Model.Kind.IMAGE)));
    assertThat(catalog.find("GPT-5")).isEqualTo(new Lookup.Unsupported("text"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"1e999999999", "1e-999999999", "-1", "\"0.03\"", "null", "{}"})
  void anInvalidPriceIsIgnored(String amount) {
    list(MODEL.replace("0.03", amount));

    assertThat(catalog.offers()).singleElement().extracting(Offer::price).isEqualTo(NO_PRICE);
  }

  @Test
  void listsParametersInDisplayOrder() {
    list(
        model(
            "flux-pro",
            """
            {"title": "Input", "properties": {
              "z": {"type": "string", "x-order": 1},
              "other": {"type": "string"},
              "a": {"type": "string", "x-order": 0}}}"""));

    assertThat(catalog.offers().getFirst().parameters().orElseThrow())
        .startsWith("{\"title\":\"Input\",\"properties\":{\"a\":")
        .containsSubsequence("\"a\"", "\"z\"", "\"other\"");
  }

  @Test
  void concurrentCallersShareOneRequest() throws Exception {
    list(MODEL);
    Callable<List<Offer>> call = catalog::offers;

    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var answer : threads.invokeAll(List.of(call, call, call, call, call, call))) {
        assertThat(answer.get()).hasSize(1);
      }
    }

    assertThat(server.requests()).hasSize(1);
  }

  /** Whether the schema of the model rejects a style. */
  private boolean rejects(String slug) {
    catalog.offers();
    return new SkytellsInputBuilder(catalog::schema)
            .build(
                new InputBuilder.Draft(
                    new Model(slug, Model.Kind.IMAGE),
                    Optional.of(new Prompt("a lighthouse")),
                    GenerationOptions.NONE,
                    new ModelInput(Map.of("style", "ink")),
                    Set.of()))
        instanceof InputBuilder.Result.Rejected;
  }
}
