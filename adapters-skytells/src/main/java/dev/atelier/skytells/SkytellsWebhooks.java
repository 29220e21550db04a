package dev.atelier.skytells;

import com.fasterxml.jackson.databind.JsonNode;
import dev.atelier.application.port.Secret;
import dev.atelier.application.port.Webhooks;
import dev.atelier.domain.Prediction;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Skytells' webhooks, signed with HMAC-SHA256 over the raw body. The header's value is 64 hex
 * digits, bare as the SDKs have it or behind {@code sha256=} as the courses do.
 */
public final class SkytellsWebhooks implements Webhooks {
  private static final String ALGORITHM = "HmacSHA256";
  private static final Pattern SIGNATURE =
      Pattern.compile("(?:sha256=)?([0-9a-f]{64})", Pattern.CASE_INSENSITIVE);

  private final List<SecretKeySpec> keys;

  /**
   * Takes the keys.
   *
   * @param keys any of which may have signed: today's secret, the one before it, the API key where
   *     that is wanted; with none, nothing is authentic
   * @throws IllegalArgumentException when a key is blank
   */
  public SkytellsWebhooks(List<Secret> keys) {
    this.keys = keys.stream().map(SkytellsWebhooks::key).toList();
  }

  @Override
  public Reading read(byte[] body, Optional<String> signature) {
    Optional<byte[]> claimed = signature.map(String::strip).flatMap(SkytellsWebhooks::digest);
    if (claimed.isEmpty() || !isSigned(body, claimed.get())) {
      return new Reading.BadSignature();
    }
    Optional<JsonNode> json = SkytellsJson.parse(body);
    if (json.isEmpty()) {
      return new Reading.Unreadable("not JSON");
    }
    Optional<Prediction> prediction = PredictionReader.read(json.get());
    return prediction.isPresent()
        ? new Reading.Authentic(prediction.get())
        : new Reading.Unreadable("not a prediction: without an id");
  }

  /** Compares with every key, so that the time tells neither whether nor which one fits. */
  private boolean isSigned(byte[] body, byte[] claimed) {
    boolean signed = false;
    for (SecretKeySpec key : keys) {
      signed |= MessageDigest.isEqual(hmac(key, body), claimed);
    }
    return signed;
  }

  private static Optional<byte[]> digest(String signature) {
    Matcher matcher = SIGNATURE.matcher(signature);
    return matcher.matches()
        ? Optional.of(HexFormat.of().parseHex(matcher.group(1)))
        : Optional.empty();
  }

  private static SecretKeySpec key(Secret secret) {
    if (secret.value().isBlank()) {
      throw new IllegalArgumentException("a webhook key must not be blank");
    }
    return new SecretKeySpec(secret.value().getBytes(StandardCharsets.UTF_8), ALGORITHM);
  }

  private static byte[] hmac(SecretKeySpec key, byte[] body) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      return mac.doFinal(body);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has HmacSHA256", e);
    }
  }
}
