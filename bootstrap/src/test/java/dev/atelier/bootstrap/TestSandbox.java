package dev.atelier.bootstrap;

import dev.atelier.application.port.Secret;
import dev.atelier.skytells.sandbox.Sandbox;
import dev.atelier.skytells.sandbox.api.SandboxPrediction;
import dev.atelier.skytells.sandbox.api.SandboxSettings;
import dev.atelier.skytells.sandbox.fault.SandboxFaults;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A sandbox, and the environment variables of a service that uses it. */
final class TestSandbox implements AutoCloseable {
  static final Secret API_KEY = new Secret("sk-sandbox");
  static final Secret WEBHOOK_SECRET = new Secret("whsec_sandbox");

  private final Sandbox sandbox;
  private final HttpClient http = HttpClient.newHttpClient();

  /** Starts the sandbox; the faults apply to every prediction. */
  TestSandbox(Duration workTime, SandboxFaults faults) {
    sandbox =
        new Sandbox(
            new SandboxSettings(
                0, API_KEY, WEBHOOK_SECRET, workTime, SandboxSettings.RETENTION, 0, faults),
            Clock.systemUTC());
    sandbox.start();
  }

  List<SandboxPrediction> predictions() {
    return sandbox.predictions();
  }

  /** Scheme, host and port. */
  URI origin() {
    return sandbox.origin();
  }

  /** The variables of one service, which keeps its port and data when it is restarted with them. */
  Map<String, String> variables(String database, Path blobs) throws Exception {
    return Map.of(
        "PORT", Integer.toString(AtelierProcess.freePort()),
        "DATABASE_URL", database,
        "BLOB_STORE", "file:" + blobs,
        "SKYTELLS_BASE_URL", sandbox.baseUrl().toString(),
        "SKYTELLS_API_KEY", API_KEY.value(),
        "SKYTELLS_WEBHOOK_SECRET", WEBHOOK_SECRET.value(),
        "SKYTELLS_OUTPUT_HOSTS", sandbox.origin().toString());
  }

  /** Cancels a prediction directly at Skytells and returns the HTTP status. */
  int cancel(String prediction) throws IOException, InterruptedException {
    URI cancel = URI.create(sandbox.baseUrl() + "/predictions/" + prediction + "/cancel");
    return http.send(
            HttpRequest.newBuilder(cancel)
                .header("x-api-key", API_KEY.value())
                .POST(HttpRequest.BodyPublishers.noBody())
                .build(),
            HttpResponse.BodyHandlers.discarding())
        .statusCode();
  }

  @Override
  public void close() {
    http.close();
    sandbox.close();
  }
}
