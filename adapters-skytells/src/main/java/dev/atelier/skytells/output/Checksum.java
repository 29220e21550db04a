package dev.atelier.skytells.output;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import okhttp3.Response;

/**
 * Verifies the checksum that some stores and CDNs send, because the length does not detect
 * corruption.
 */
final class Checksum {
  private final MessageDigest digest;
  private final byte[] expected;
  private boolean matches;
  private boolean complete;

  private Checksum(MessageDigest digest, byte[] expected) {
    this.digest = digest;
    this.expected = expected;
  }

  static Optional<Checksum> in(Response response) {
    return Stream.of(
            members(response, "Repr-Digest"), // RFC 9530
            members(response, "Content-Digest"),
            members(response, "Digest"), // RFC 3230, which they replace
            response.headers("Content-MD5").stream().map("md5="::concat), // RFC 1864
            googleHash(response))
        .flatMap(found -> found)
        .flatMap(member -> parse(member).stream())
        .findFirst();
  }

  /** Google hashes the stored bytes, compressed or not. */
  private static Stream<String> googleHash(Response response) {
    String stored = response.header("x-goog-stored-content-encoding", "identity");
    return "identity".equalsIgnoreCase(stored) ? members(response, "x-goog-hash") : Stream.empty();
  }

  private static Stream<String> members(Response response, String header) {
    return response.headers(header).stream().flatMap(list -> Stream.of(list.split(",")));
  }

  private static Optional<Checksum> parse(String member) {
    String[] parts = member.strip().split("=", 2);
    if (parts.length < 2) {
      return Optional.empty();
    }
    String base64 = parts[1].strip();
    boolean structured = base64.length() > 1 && base64.startsWith(":") && base64.endsWith(":");
    try {
      byte[] expected =
          Base64.getDecoder()
              .decode(structured ? base64.substring(1, base64.length() - 1) : base64);
      return algorithm(parts[0])
          .filter(digest -> digest.getDigestLength() == expected.length)
          .map(digest -> new Checksum(digest, expected));
    } catch (IllegalArgumentException e) { // ignore an invalid checksum
      return Optional.empty();
    }
  }

  private static Optional<MessageDigest> algorithm(String name) {
    for (String known : List.of("SHA-512", "SHA-256", "MD5")) {
      if (known.equalsIgnoreCase(name.strip())) {
        return Optional.of(digest(known));
      }
    }
    return Optional.empty();
  }

  private static MessageDigest digest(String algorithm) {
    try {
      return MessageDigest.getInstance(algorithm);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  void update(byte[] bytes, int offset, int length) {
    digest.update(bytes, offset, length);
  }

  /** May be called again. */
  boolean matches() {
    if (!complete) {
      complete = true;
      matches = Arrays.equals(digest.digest(), expected);
    }
    return matches;
  }
}
