package dev.atelier.skytells.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atelier.application.port.InMemoryPublishedModels;
import dev.atelier.application.port.Secret;
import dev.atelier.domain.Generation;
import dev.atelier.domain.Generations;
import dev.atelier.domain.Output;
import dev.atelier.domain.PredictionId;
import dev.atelier.skytells.client.SkytellsSettings.WebhookStyle;
import dev.atelier.skytells.output.OutputHosts;
import dev.atelier.skytells.output.OutputLimits;
import dev.atelier.skytells.output.SkytellsOutputs;
import dev.atelier.skytells.sandbox.Signatures;
import dev.atelier.skytells.webhook.SkytellsWebhooks;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is logged for the operator, and what is never logged. */
class LoggingTest {
  private static final Generation GENERATION = Generations.submitting();
  private static final String PRIVATE = "a lighthouse at dusk";
  private static final PredictionId ID = new PredictionId("pred_1");

  private final ScriptedServer server = new ScriptedServer();
  private final Logs logs = new Logs();

  LoggingTest() throws IOException {}

  @AfterEach
  void close() {
    logs.close();
    server.close();
  }

  @ParameterizedTest
  @CsvSource({
    "401, UNAUTHORIZED, ERROR, provider_unavailable",
    "402, INSUFFICIENT_CREDITS, ERROR, provider_unavailable",
    "422, VALIDATION_ERROR, WARN, rejected_by_provider",
    "451, CONTENT_POLICY_VIOLATION, WARN, content_policy",
  })
  void refusalsAreLoggedWithErrorIdAndRequestId(
      int status, String errorId, String level, String code) {
    server.next(
        ScriptedServer.json(
            status,
            "{\"error\":{\"error_id\":\"%s\",\"request_id\":\"req_7\",\"message\":\"%s\"}}"
                .formatted(errorId, PRIVATE)));

    submit(WebhookStyle.STRING);

    assertThat(logs.lines())
        .containsExactly(
            "%s create refused: generation=%s code=%s HTTP %d error_id=%s request_id=req_7"
                .formatted(level, GENERATION.id(), code, status, errorId));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "null",
        "{\"url\":null,\"events\":[]}",
        "\"https://elsewhere.example/api/webhooks\"",
      })
  void aWebhookThatIsNotRegisteredIsLogged(String echo) {
    server.always(
        ScriptedServer.json(
            200, "{\"id\":\"pred_1\",\"status\":\"queued\",\"webhook\":" + echo + "}"));

    submit(WebhookStyle.STRING);
    submit(WebhookStyle.NONE);

    assertThat(logs.lines())
        .containsExactly(
            "WARN webhook not registered, polling instead: generation=%s"
                .formatted(GENERATION.id()));
  }

  @Test
  void aRegisteredOrOmittedWebhookIsNotLogged() {
    String ours = Settings.of(server).webhookAddress(GENERATION.id());
    server.next(
        ScriptedServer.json(
            200, "{\"id\":\"pred_1\",\"status\":\"queued\",\"webhook\":\"" + ours + "\"}"),
        ScriptedServer.json(
            200,
            "{\"id\":\"pred_1\",\"status\":\"queued\",\"webhook\":{\"url\":\"" + ours + "\"}}"),
        ScriptedServer.json(200, "{\"id\":\"pred_1\",\"status\":\"queued\"}"));

    submit(WebhookStyle.STRING);
    submit(WebhookStyle.OBJECT);
    submit(WebhookStyle.STRING);

    assertThat(logs.lines()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"warming_up, warming_up", "a lighthouse at dusk, (not a name)"})
  void anUnknownStatusIsLoggedOnlyIfItIsAName(String status, String logged) {
    PredictionReader.read(
        Fixtures.read("{\"id\":\"pred_1\",\"status\":\"" + status + "\"}").orElseThrow());

    assertThat(logs.lines())
        .containsExactly(
            "WARN unknown status, treated as processing: prediction=pred_1 status=" + logged);
  }

  @Test
  void noKeyPromptUrlOrProviderTextIsLogged() {
    String body =
        """
        {"id":"%1$s","status":"%1$s","error_id":"%1$s","request_id":"%1$s","message":"%1$s",
         "error":{"error_id":"%1$s","message":"%1$s","request_id":"%1$s"},
         "type":"%1$s","output":"%1$s","webhook":"%1$s"}
        """
            .formatted(PRIVATE);
    for (int status : List.of(200, 400, 401, 404, 500)) {
      server.always(ScriptedServer.json(status, body));
      callEverything();
    }
    server.always(ScriptedServer.json(200, body.replaceFirst(PRIVATE, "pred_1")));
    callEverything();

    assertThat(logs.lines()).isNotEmpty();
    assertThat(String.join("\n", logs.lines()))
        .doesNotContain(PRIVATE, "lighthouse", Settings.API_KEY, "whsec", "signed-url");
    assertThat(logs.exceptions()).isEmpty();
  }

  private void callEverything() {
    submit(WebhookStyle.STRING);
    try (var client = new SkytellsClient(Settings.of(server), Clock.systemUTC())) {
      client.find(ID);
      client.list(1);
      client.cancel(ID);
      client.delete(ID);
      new SkytellsModelCatalog(
              client, new InMemoryPublishedModels(), Runnable::run, Clock.systemUTC())
          .offers();
    }
    try (var outputs =
        new SkytellsOutputs(OutputHosts.parse(server.origin().toString()), OutputLimits.DEFAULT)) {
      outputs.fetch(new Output(server.origin() + "/signed-url"));
      outputs.fetch(new Output("https://localhost/signed-url"));
    }
    byte[] webhook = PRIVATE.getBytes(StandardCharsets.UTF_8);
    new SkytellsWebhooks(List.of(new Secret("whsec")))
        .read(new ByteArrayInputStream(webhook), Optional.of(Signatures.sign("whsec", webhook)));
  }

  private void submit(WebhookStyle style) {
    try (var client = new SkytellsClient(Settings.of(server, style), Clock.systemUTC())) {
      client.submit(GENERATION.id(), Generations.IMAGE_MODEL, Generations.INPUT);
    }
  }
}
