package dev.atelier.skytells.sandbox;

import static dev.atelier.skytells.sandbox.SandboxCaller.createBody;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.atelier.skytells.sandbox.SandboxCaller.Reply;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Runs the sandbox as a separate process. */
@Timeout(60)
class SandboxAloneIT {
  private static final String API_KEY = "sk-alone";

  private final WebhookReceiver receiver = new WebhookReceiver();
  private final Process process = java();
  private final BufferedReader output = process.inputReader(UTF_8);

  SandboxAloneIT() throws IOException {}

  private static Process java() throws IOException {
    var java =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "-Duser.language=tr",
                Sandbox.class.getName())
            .redirectError(ProcessBuilder.Redirect.DISCARD);
    java.environment().put("SANDBOX_PORT", "0");
    java.environment().put("SANDBOX_WORK_TIME_MS", "100");
    java.environment().put("SANDBOX_REQUESTS_PER_MINUTE", "100000");
    java.environment().put("SANDBOX_FAULTS", "webhook:prefixed");
    java.environment().put("SKYTELLS_API_KEY", API_KEY);
    java.environment().put("SKYTELLS_WEBHOOK_SECRET", "whsec_alone");
    return java.start();
  }

  @AfterEach
  void stop() throws InterruptedException {
    process.destroyForcibly().waitFor();
    receiver.close();
  }

  @Test
  void itPrintsItsUrlAndServesUntilTerminated() throws Exception {
    URI origin = origin();
    try (var caller = new SandboxCaller(() -> origin, API_KEY)) {
      String id =
          caller.createAccepted(createBody("a lake").put("webhook", receiver.url().toString()));
      JsonNode done = caller.awaitStatus("succeeded", id);
      Reply models = caller.get("/models");

      assertThat(caller.download(done.path("output").get(0).asText()).statusCode()).isEqualTo(200);
      var webhook = receiver.next();
      assertThat(webhook.signature())
          .isEqualTo("sha256=" + Signatures.sign("whsec_alone", webhook.body()));
      assertThat(models.header("x-skytells-ratelimit-limit-requests")).isEqualTo("100000");
    }

    process.destroy();

    assertThat(process.waitFor(10, TimeUnit.SECONDS)).as("exits on SIGTERM").isTrue();
  }

  /** Reads the URL from the standard output, which may also contain log lines. */
  private URI origin() throws IOException {
    String prefix = "SKYTELLS_BASE_URL=";
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      if (line.startsWith(prefix)) {
        return URI.create("http://" + URI.create(line.substring(prefix.length())).getAuthority());
      }
    }
    throw new AssertionError("the sandbox did not print its URL");
  }
}
