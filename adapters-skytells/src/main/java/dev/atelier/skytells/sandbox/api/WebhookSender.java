package dev.atelier.skytells.sandbox.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import dev.atelier.application.port.Secret;
import dev.atelier.skytells.sandbox.api.Job.Phase;
import dev.atelier.skytells.sandbox.api.SandboxPrediction.Delivery;
import dev.atelier.skytells.sandbox.fault.SandboxFault;
import dev.atelier.skytells.sandbox.fault.SandboxFaults;
import dev.atelier.skytells.sandbox.http.Delay;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ExecutorService;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Sends signed webhooks, each once: Skytells documents no retries.
 *
 * @param apiKey signs in Skytells' "general" mode
 */
public record WebhookSender(
    HttpClient http, ExecutorService executor, Dialect dialect, Secret secret, Secret apiKey) {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final Secret FORGED_SECRET = new Secret("whsec_unknown");

  void send(Job job, Phase phase) {
    receiver(job, phase).ifPresent(url -> executor.execute(() -> sendWithFaults(job, phase, url)));
  }

  void sendAndWait(Job job, Phase phase) {
    receiver(job, phase).ifPresent(url -> deliver(job, phase, url));
  }

  private static Optional<URI> receiver(Job job, Phase phase) {
    return job.subscription()
        .filter(webhook -> webhook.includes(phase) && !job.faults().has(SandboxFault.WEBHOOK_DROP))
        .map(CreateRequest.WebhookSubscription::url);
  }

  private void sendWithFaults(Job job, Phase phase, URI receiver) {
    SandboxFaults faults = job.faults();
    try {
      Delay.seconds(faults.number(SandboxFault.WEBHOOK_DELAY));
    } catch (IOException e) {
      return;
    }
    for (int copy = 1; copy < faults.number(SandboxFault.WEBHOOK_REPEAT); copy++) {
      executor.execute(() -> deliver(job, phase, receiver));
    }
    deliver(job, phase, receiver);
    if (phase.isEnd() && faults.has(SandboxFault.WEBHOOK_DISORDER)) {
      deliver(job, Phase.PROCESSING, receiver);
    }
  }

  private void deliver(Job job, Phase phase, URI receiver) {
    JsonNode event = dialect.webhook(job, phase);
    byte[] body = event.toString().getBytes(UTF_8);
    HttpRequest.Builder request =
        HttpRequest.newBuilder(receiver)
            .timeout(TIMEOUT)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofByteArray(body));
    if (!job.faults().has(SandboxFault.WEBHOOK_UNSIGNED)) {
      request.header("X-Skytells-Signature", signature(job.faults(), body));
    }
    OptionalInt answer = OptionalInt.empty();
    try {
      var response = http.send(request.build(), HttpResponse.BodyHandlers.discarding());
      answer = OptionalInt.of(response.statusCode());
    } catch (IOException e) {
      // Recorded as a delivery without a response.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    job.addDelivery(new Delivery(Dialect.status(job.faults(), phase), answer));
  }

  private String signature(SandboxFaults faults, byte[] body) {
    Secret key =
        faults.has(SandboxFault.WEBHOOK_FORGED)
            ? FORGED_SECRET
            : faults.has(SandboxFault.WEBHOOK_API_KEY) ? apiKey : secret;
    String digits = hmac(key, body);
    return (faults.has(SandboxFault.WEBHOOK_PREFIXED) ? "sha256=" : "")
        + (faults.has(SandboxFault.WEBHOOK_UPPERCASE) ? digits.toUpperCase(Locale.ROOT) : digits);
  }

  private static String hmac(Secret key, byte[] body) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key.value().getBytes(UTF_8), "HmacSHA256"));
      return HexFormat.of().formatHex(mac.doFinal(body));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HMAC-SHA256", e);
    }
  }
}
