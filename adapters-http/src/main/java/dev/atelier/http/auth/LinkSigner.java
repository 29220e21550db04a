package dev.atelier.http.auth;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.atelier.application.port.Secret;
import io.javalin.http.Context;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs output URLs, which then need no credential until they expire. The HMAC covers path and
 * expiry.
 */
public final class LinkSigner {
  /** Expiries are multiples of this, so that equal URLs can be cached. */
  private static final Duration STEP = Duration.ofMinutes(5);

  private static final String ALGORITHM = "HmacSHA256";
  private static final Pattern SECONDS = Pattern.compile("[1-9][0-9]{0,11}");

  private final LinkSigning signing;
  private final Clock clock;

  public LinkSigner(LinkSigning signing, Clock clock) {
    this.signing = signing;
    this.clock = clock;
  }

  public String query(String path) {
    return query(path, clock.instant().plus(signing.lifetime()));
  }

  /** The query of a URL that is valid at least until then. */
  public String query(String path, Instant until) {
    String expires = expires(until);
    return "?expires="
        + expires
        + "&signature="
        + signature(signing.keys().getFirst(), path, expires);
  }

  private static String expires(Instant until) {
    long step = STEP.toSeconds();
    return Long.toString((until.getEpochSecond() / step + 1) * step);
  }

  boolean verify(Context ctx) {
    List<String> expires = ctx.queryParams("expires");
    List<String> signature = ctx.queryParams("signature");
    String method = ctx.req().getMethod();
    return (method.equals("GET") || method.equals("HEAD"))
        && expires.size() == 1
        && signature.size() == 1
        && SECONDS.matcher(expires.getFirst()).matches()
        && clock.instant().getEpochSecond() < Long.parseLong(expires.getFirst())
        && isSigned(ctx.path(), expires.getFirst(), signature.getFirst());
  }

  private boolean isSigned(String path, String expires, String signature) {
    return signing.keys().stream()
        .map(key -> signature(key, path, expires))
        .anyMatch(valid -> MessageDigest.isEqual(valid.getBytes(UTF_8), signature.getBytes(UTF_8)));
  }

  private static String signature(Secret key, String path, String expires) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(key.value().getBytes(UTF_8), ALGORITHM));
      byte[] signature = mac.doFinal((path + '\n' + expires).getBytes(UTF_8));
      return Base64.getUrlEncoder().withoutPadding().encodeToString(signature);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
