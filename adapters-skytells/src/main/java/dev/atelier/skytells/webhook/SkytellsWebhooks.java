package dev.atelier.skytells.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import dev.atelier.application.port.Secret;
import dev.atelier.application.port.Webhooks;
import dev.atelier.domain.Prediction;
import dev.atelier.skytells.client.PredictionReader;
import dev.atelier.skytells.json.DocumentReader;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
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
 * Verifies and reads Skytells' webhooks: HMAC-SHA256 over the raw body, as 64 hex digits, bare
 * (SDKs) or after {@code sha256=} (courses).
 */
public final class SkytellsWebhooks implements Webhooks {
  private static final String ALGORITHM = "HmacSHA256";
  private static final Pattern SIGNATURE =
      Pattern.compile("(?:sha256=)?([0-9a-f]{64})", Pattern.CASE_INSENSITIVE);

  private final List<SecretKeySpec> keys;

  /**
   * @param keys each may have signed: the current secret, the previous one, the API key
   * @throws IllegalArgumentException if a key is blank
   */
  public SkytellsWebhooks(List<Secret> keys) {
    this.keys = keys.stream().map(SkytellsWebhooks::key).toList();
  }

  @Override
  public Reading read(InputStream body, Optional<String> signature) {
    Optional<byte[]> claimed = signature.map(String::strip).flatMap(SkytellsWebhooks::digest);
    if (claimed.isEmpty()) {
      return new Reading.BadSignature();
    }
    List<Mac> macs = keys.stream().map(SkytellsWebhooks::mac).toList();
    Optional<JsonNode> json = parse(new SignedInputStream(body, macs));
    if (!isSigned(macs, claimed.get())) {
      return new Reading.BadSignature();
    }
    if (json.isEmpty()) {
      return new Reading.Unreadable("not JSON");
    }
    Optional<Prediction> prediction = PredictionReader.read(json.get());
    return prediction.isPresent()
        ? new Reading.Authentic(prediction.get())
        : new Reading.Unreadable("not a prediction: no id");
  }

  /** Reads every byte, because all are signed. */
  private static Optional<JsonNode> parse(InputStream body) {
    try {
      Optional<JsonNode> json = DocumentReader.UNTRUSTED.read(body);
      body.transferTo(OutputStream.nullOutputStream());
      return json;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Constant time: does not reveal which key matches. */
  private static boolean isSigned(List<Mac> macs, byte[] claimed) {
    boolean signed = false;
    for (Mac mac : macs) {
      signed |= MessageDigest.isEqual(mac.doFinal(), claimed);
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

  private static Mac mac(SecretKeySpec key) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      return mac;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("HmacSHA256 is not available", e);
    }
  }

  private static final class SignedInputStream extends FilterInputStream {
    private final List<Mac> macs;

    SignedInputStream(InputStream body, List<Mac> macs) {
      super(body);
      this.macs = macs;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      int read = in.read(into, offset, length);
      if (read > 0) {
        macs.forEach(mac -> mac.update(into, offset, read));
      }
      return read;
    }
  }
}
