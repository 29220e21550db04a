package dev.atelier.skytells.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.atelier.application.port.Secret;
import dev.atelier.skytells.sandbox.Job.Phase;
import dev.atelier.skytells.sandbox.SandboxPrediction.Delivery;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.OptionalInt;
import java.util.concurrent.ExecutorService;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Sends webhooks: signed, once. Skytells promises no second try, so there is none.
 *
 * @param executor runs the deliveries
 */
record WebhookSender(HttpClient http, ExecutorService executor, Dialect dialect, Secret secret) {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** Reports the phase to whoever wants to hear of it, and returns at once. */
  void announce(Job job, Phase phase) {
    job.order()
        .subscription()
        .filter(to -> to.wants(phase))
        .filter(_ -> !job.faults().has(SandboxFault.WEBHOOK_DROP))
        .ifPresent(to -> executor.execute(() -> deliver(job, phase, to.url())));
  }

  private void deliver(Job job, Phase phase, URI receiver) {
    byte[] body = dialect.webhook(job, phase).toString().getBytes(UTF_8);
    HttpRequest request =
        HttpRequest.newBuilder(receiver)
            .timeout(PATIENCE)
            .header("Content-Type", "application/json")
            .header("X-Skytells-Signature", signature(body))
            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
            .build();
    OptionalInt answer = OptionalInt.empty();
    try {
      answer =
          OptionalInt.of(http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode());
    } catch (IOException e) {
      // Nobody answered; that is what is recorded.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    job.delivered(new Delivery(Dialect.status(phase), answer));
  }

  /** HMAC-SHA256 of the exact bytes, in lower-case hexadecimal digits. */
  private String signature(byte[] body) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret.value().getBytes(UTF_8), "HmacSHA256"));
      return HexFormat.of().formatHex(mac.doFinal(body));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HMAC-SHA256", e);
    }
  }
}
