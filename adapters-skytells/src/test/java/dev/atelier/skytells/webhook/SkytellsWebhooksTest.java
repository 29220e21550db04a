package dev.atelier.skytells.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.atelier.application.port.Secret;
import dev.atelier.application.port.Webhooks.Reading;
import dev.atelier.domain.Prediction;
import dev.atelier.domain.PredictionId;
import dev.atelier.skytells.client.Fixtures;
import dev.atelier.skytells.sandbox.Signatures;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

public class SkytellsWebhooksTest {
  private static final String SECRET = "whsec_test_secret";
  private static final JsonNode VECTORS = Fixtures.json("webhook-signature-vectors.json");

  public static Stream<Arguments> vectors() {
    String body = VECTORS.path("raw_body").textValue();
    return VECTORS
        .path("vectors")
        .valueStream()
        .map(
            vector ->
                Arguments.of(
                    vector.path("name").textValue(),
                    vector.path("key").textValue(),
                    vector.path("raw_body_override").asText(body),
                    vector.path("header_value").textValue(),
                    vector.path("valid").booleanValue()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("vectors")
  void everySignatureVectorIsVerified(
      String name, String key, String body, String header, boolean valid) {
    Reading reading = read(List.of(key), body.getBytes(StandardCharsets.UTF_8), header);

    assertThat(reading instanceof Reading.Authentic).as(name).isEqualTo(valid);
    assertThat(reading instanceof Reading.BadSignature).as(name).isEqualTo(!valid);
  }

  @Test
  void thereAreValidAndInvalidVectors() {
    assertThat(vectors().map(vector -> vector.get()[4])).contains(true, false).hasSize(10);
  }

  @Test
  void anyConfiguredKeyMayHaveSigned() {
    byte[] body = Fixtures.bytes("webhook-bare-succeeded.json");

    for (String key : List.of(SECRET, "whsec_previous", "sk-test-key")) {
      assertThat(
              read(
                  List.of(SECRET, "whsec_previous", "sk-test-key"),
                  body,
                  Signatures.sign(key, body)))
          .isInstanceOf(Reading.Authentic.class);
    }
    assertThat(read(List.of(SECRET, "whsec_previous"), body, Signatures.sign("sk-test-key", body)))
        .isInstanceOf(Reading.BadSignature.class);
  }

  @Test
  void withoutAKeyNoWebhookIsAuthentic() {
    byte[] body = Fixtures.bytes("webhook-bare-succeeded.json");

    assertThat(read(List.of(), body, Signatures.sign(SECRET, body)))
        .isInstanceOf(Reading.BadSignature.class);
  }

  @Test
  void aBlankKeyIsRejected() {
    assertThatThrownBy(() -> new SkytellsWebhooks(List.of(new Secret(" "))))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void withoutASignatureNoWebhookIsAuthentic() {
    assertThat(
            new SkytellsWebhooks(List.of(new Secret(SECRET)))
                .read(
                    new ByteArrayInputStream(Fixtures.bytes("webhook-bare-succeeded.json")),
                    Optional.empty()))
        .isInstanceOf(Reading.BadSignature.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"%s", " %s ", "sha256=%s", "SHA256=%s", "Sha256=%s"})
  void theSignatureMayBePrefixed(String form) {
    byte[] body = Fixtures.bytes("webhook-bare-succeeded.json");
    String signature = Signatures.sign(SECRET, body);

    assertThat(read(List.of(SECRET), body, form.replace("%s", signature)))
        .isInstanceOf(Reading.Authentic.class);
    assertThat(read(List.of(SECRET), body, form.replace("%s", signature.toUpperCase(Locale.ROOT))))
        .isInstanceOf(Reading.Authentic.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"%s0", "0%s", "sha512=%s", "sha256=sha256=%s", "sha256=", "%s,%s", "v1=%s"})
  void aMalformedSignatureIsRejected(String form) {
    byte[] body = Fixtures.bytes("webhook-bare-succeeded.json");

    assertThat(read(List.of(SECRET), body, form.replace("%s", Signatures.sign(SECRET, body))))
        .isInstanceOf(Reading.BadSignature.class);
  }

  @Test
  void aChangeOfAnyByteIsDetected() {
    byte[] body = Fixtures.bytes("webhook-bare-succeeded.json");
    String signature = Signatures.sign(SECRET, body);

    for (int i = 0; i < body.length; i++) {
      byte[] other = body.clone();
      other[i] ^= 1;
      assertThat(read(List.of(SECRET), other, signature)).isInstanceOf(Reading.BadSignature.class);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"webhook-bare-succeeded.json", "webhook-enveloped-succeeded.json"})
  void bareAndEnvelopedPredictionsAreRead(String fixture) {
    byte[] body = Fixtures.bytes(fixture);

    assertThat(read(List.of(SECRET), body, Signatures.sign(SECRET, body)))
        .isInstanceOfSatisfying(
            Reading.Authentic.class,
            authentic ->
                assertThat(authentic.prediction())
                    .isInstanceOfSatisfying(
                        Prediction.Succeeded.class,
                        succeeded -> assertThat(succeeded.outputs()).hasSize(1)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "{", "<html>", "{}", "[]", "{\"status\":\"succeeded\"}", "{\"id\":\"p\"} x"})
  void aSignedBodyThatIsNotAPredictionIsUnreadable(String body) {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);

    assertThat(read(List.of(SECRET), bytes, Signatures.sign(SECRET, bytes)))
        .isInstanceOf(Reading.Unreadable.class);
  }

  @Test
  void anOutputTooLongForAWebhookIsUnreadable() {
    byte[] body =
        "{\"id\":\"pred_1\",\"status\":\"succeeded\",\"output\":\"data:;base64,%s\"}"
            .formatted("A".repeat(300_000))
            .getBytes(StandardCharsets.UTF_8);

    assertThat(read(List.of(SECRET), body, Signatures.sign(SECRET, body)))
        .isEqualTo(
            new Reading.Authentic(
                new Prediction.Unreadable(new PredictionId("pred_1"), "long text")));
  }

  @Test
  void aLargeWebhookIsVerifiedCompletely() {
    byte[] body =
        "{\"id\":\"pred_1\",\"status\":\"queued\",\"logs\":\"%s\"}"
            .formatted("x".repeat(20_000_000))
            .getBytes(StandardCharsets.UTF_8);
    String signature = Signatures.sign(SECRET, body);

    assertThat(read(List.of(SECRET), body, signature)).isInstanceOf(Reading.Authentic.class);
    body[body.length - 3] ^= 1;
    assertThat(read(List.of(SECRET), body, signature)).isInstanceOf(Reading.BadSignature.class);
  }

  private static Reading read(List<String> keys, byte[] body, String signature) {
    return new SkytellsWebhooks(keys.stream().map(Secret::new).toList())
        .read(new ByteArrayInputStream(body), Optional.of(signature));
  }
}
