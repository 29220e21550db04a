package dev.atelier.http.auth;

import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * An API key, kept as a digest only.
 *
 * @param name of its server: up to 64 letters, digits, {@code . _ -}
 * @param sha256 64 hexadecimal digits
 */
public record ApiKey(String name, String sha256) {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");
  private static final Pattern SHA_256 = Pattern.compile("[0-9a-fA-F]{64}");

  /**
   * @throws IllegalArgumentException when a value is malformed, without quoting it
   */
  public ApiKey {
    if (!NAME.matcher(name).matches() || !SHA_256.matcher(sha256).matches()) {
      throw new IllegalArgumentException("must look like name:sha256 (64 hexadecimal digits)");
    }
  }

  /** Compares in constant time. */
  boolean matches(byte[] digest) {
    return MessageDigest.isEqual(HexFormat.of().parseHex(sha256), digest);
  }

  @Override
  public String toString() {
    return name;
  }
}
