package dev.atelier.http.auth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.atelier.application.port.MutableClock;
import dev.atelier.http.request.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Date;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/** An OpenID Connect issuer that signs tokens and publishes its keys over HTTP. */
public final class TestIssuer implements AutoCloseable {
  static final String AUDIENCE = "studio";

  /** Shared, because generating a key takes longer than most tests. */
  private static final RSAKey FIRST_KEY = newKey("first");

  final AtomicInteger keyRequests = new AtomicInteger();
  private final HttpServer server;
  private final Clock clock;
  private volatile boolean broken;
  private volatile RSAKey key = FIRST_KEY;
  private volatile JWKSet publishedKeys = new JWKSet(key.toPublicJWK());
  private volatile Map<String, Object> configuration;

  TestIssuer(Clock clock) throws IOException {
    this.clock = clock;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    configuration = Map.of("issuer", url(), "jwks_uri", url() + "/keys");
    server.createContext(
        "/.well-known/openid-configuration", exchange -> respond(exchange, configuration()));
    server.createContext(
        "/keys",
        exchange -> {
          keyRequests.incrementAndGet();
          respond(exchange, publishedKeys.toString());
        });
    server.start();
  }

  public static TestIssuer start(MutableClock clock) {
    try {
      return new TestIssuer(clock);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  public AuthMode.Jwt auth() {
    return new AuthMode.Jwt(URI.create(url()), Set.of(AUDIENCE, "mobile"), Optional.empty());
  }

  /** While broken, every response is 500. */
  void setBroken(boolean value) {
    broken = value;
  }

  /** Replaces the key that signs and is published. */
  void rotate(String kid) {
    key = newKey(kid);
    publishedKeys = new JWKSet(key.toPublicJWK());
  }

  /** Publishes only this key. */
  void publish(JWK publicKey) {
    publishedKeys = new JWKSet(publicKey);
  }

  /** Replaces the OpenID configuration. */
  void configure(Map<String, Object> members) {
    configuration = members;
  }

  RSAKey key() {
    return key;
  }

  /** Returns the claims of a valid token, to be modified. */
  JWTClaimsSet.Builder claims(String user) {
    return new JWTClaimsSet.Builder()
        .issuer(url())
        .audience(AUDIENCE)
        .subject(user)
        .expirationTime(Date.from(clock.instant().plus(Duration.ofMinutes(5))));
  }

  /** Returns the Authorization header with a valid token. */
  public String bearer(String user) {
    return bearer(claims(user).build());
  }

  String bearer(JWTClaimsSet claims) {
    return bearer(new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(key.getKeyID()).build(), claims);
  }

  String bearer(JWSHeader header, JWTClaimsSet claims) {
    return "Bearer " + signed(header, claims, key);
  }

  static String signed(JWSHeader header, JWTClaimsSet claims, RSAKey signingKey) {
    try {
      var token = new SignedJWT(header, claims);
      token.sign(new RSASSASigner(signingKey, Set.of()));
      return token.serialize();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  static RSAKey newKey(String kid) {
    try {
      return new RSAKeyGenerator(2048).keyID(kid).generate();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  private String configuration() {
    var json = Json.object();
    configuration.forEach((name, value) -> json.put(name, String.valueOf(value)));
    return json.toString();
  }

  private void respond(HttpExchange exchange, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(broken ? 500 : 200, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
