package dev.atelier.skytells.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atelier.application.port.Secret;
import dev.atelier.domain.Generation;
import dev.atelier.domain.Generations;
import dev.atelier.domain.Output;
import dev.atelier.domain.PredictionId;
import dev.atelier.skytells.client.SkytellsSettings.WebhookStyle;
import dev.atelier.skytells.output.OutputHosts;
import dev.atelier.skytells.output.OutputLimits;
import dev.atelier.skytells.output.SkytellsOutputs;
import dev.atelier.skytells.webhook.SkytellsWebhooks;
import dev.atelier.skytells.webhook.SkytellsWebhooksTest;
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

/** What the operator reads, and what nobody may read there. */
class LoggingTest {
  private static final Generation BEGUN = Generations.submitting();
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
  void aRefusalIsLoggedWithTheNamesThatSupportAsksFor(
      int status, String errorId, String level, String code) {
    server.next(
        ScriptedServer.json(
            status,
            "{\"error\":{\"error_id\":\"%s\",\"request_id\":\"req_7\",\"message\":\"%s\"}}"
                .formatted(errorId, PRIVATE)));

    submit(WebhookStyle.STRING);

    assertThat(logs.lines())
        .containsExactly(
            "%s generation %s refused as %s: HTTP %d error_id=%s request_id=req_7"
                .formatted(level, BEGUN.id(), code, status, errorId));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "null",
        "{\"url\":null,\"events\":[]}",
        "\"https://elsewhere.example/api/webhooks\"",
      })
  void aWebhookThatWasNotTakenIsLogged(String echo) {
    server.always(
        ScriptedServer.json(
            200, "{\"id\":\"pred_1\",\"status\":\"queued\",\"webhook\":" + echo + "}"));

    submit(WebhookStyle.STRING);
    submit(WebhookStyle.NONE);

    assertThat(logs.lines())
        .containsExactly(
            "WARN generation %s: Skytells did not take our webhook address; it must be polled"
                .formatted(BEGUN.id()));
  }

  @Test
  void aWebhookThatWasTakenOrIsNotShownIsNot() {
    String ours = Settings.of(server).webhookAddress(BEGUN.id());
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
  @CsvSource({"warming_up, warming_up", "a lighthouse at dusk, (no name)"})
  void aStatusThatIsNotKnownIsLoggedWhenItIsAName(String status, String logged) {
    PredictionReader.read(
        Fixtures.kept("{\"id\":\"pred_1\",\"status\":\"" + status + "\"}").orElseThrow());

    assertThat(logs.lines())
        .containsExactly(
            "WARN prediction pred_1 has the unknown status " + logged + "; taken as running");
  }

  @Test
  void neitherKeysNorPromptsNorAddressesNorUpstreamsWordsAreLogged() {
    String everywhere =
        """
        {"id":"%1$s","status":"%1$s","error_id":"%1$s","request_id":"%1$s","message":"%1$s",
         "error":{"error_id":"%1$s","message":"%1$s","request_id":"%1$s"},
         "type":"%1$s","output":"%1$s","webhook":"%1$s"}
        """
            .formatted(PRIVATE);
    for (int status : List.of(200, 400, 401, 404, 500)) {
      server.always(ScriptedServer.json(status, everywhere));
      exercise();
    }
    server.always(ScriptedServer.json(200, everywhere.replaceFirst(PRIVATE, "pred_1")));
    exercise();

    assertThat(logs.lines()).isNotEmpty();
    assertThat(String.join("\n", logs.lines()))
        .doesNotContain(PRIVATE, "lighthouse", Settings.API_KEY, "whsec", "signed-address");
    assertThat(logs.exceptions()).isEmpty();
  }

  private void exercise() {
    submit(WebhookStyle.STRING);
    try (var client = new SkytellsClient(Settings.of(server), Clock.systemUTC())) {
      client.find(ID);
      client.list(1);
      client.cancel(ID);
      client.delete(ID);
      new SkytellsModelCatalog(client, Clock.systemUTC()).offers();
    }
    try (var outputs =
        new SkytellsOutputs(OutputHosts.parse(server.origin().toString()), OutputLimits.DEFAULT)) {
      outputs.fetch(new Output(server.origin() + "/signed-address"));
      outputs.fetch(new Output("https://localhost/signed-address"));
    }
    byte[] body = PRIVATE.getBytes(StandardCharsets.UTF_8);
    new SkytellsWebhooks(List.of(new Secret("whsec")))
        .read(
            new java.io.ByteArrayInputStream(body),
            Optional.of(SkytellsWebhooksTest.sign("whsec", body)));
  }

  private void submit(WebhookStyle style) {
    try (var client = new SkytellsClient(Settings.of(server, style), Clock.systemUTC())) {
      client.submit(BEGUN.id(), BEGUN.request());
    }
  }
}
