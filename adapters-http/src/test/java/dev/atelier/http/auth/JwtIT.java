package dev.atelier.http.auth;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import dev.atelier.application.port.MutableClock;
import dev.atelier.http.Response;
import dev.atelier.http.TestServer;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Authentication of users by JWT, with key rotation and outages of the issuer. */
class JwtIT {
  private static final String UNKNOWN = "/api/predictions/0198c0de-0000-7000-8000-00000000abcd";

  private final MutableClock issuerClock = new MutableClock();
  private TestIssuer issuer;
  private TestServer studio;

  @BeforeEach
  void start() {
    issuer = TestIssuer.start(issuerClock);
    studio =
        TestServer.start(
            new AccessSettings(issuer.auth(), Optional.empty(), OptionalInt.empty(), Set.of()));
  }

  @AfterEach
  void close() {
    studio.close();
    issuer.close();
  }

  @Test
  void aUserSeesOnlyTheirOwnGenerations() {
    String generation = generation("ada");

    assertThat(get(generation, issuer.bearer("ada")).status()).isEqualTo(200);
    Response foreign = get(generation, issuer.bearer("bob"));
    Response unknown = get(UNKNOWN, issuer.bearer("bob"));
    assertThat(foreign.isProblem(404, "not_found").json()).isEqualTo(unknown.json());
    assertThat(
            get(generation + "/output/0", issuer.bearer("bob")).isProblem(404, "not_found").json())
        .isEqualTo(get(UNKNOWN + "/output/0", issuer.bearer("bob")).json());
  }

  @Test
  void aUserCannotActForAnotherUser() {
    String generation = generation("ada");

    Response read = get(generation + "?userId=ada", issuer.bearer("bob"));
    assertThat(read.isProblem(400, "invalid_request").fields()).containsExactly("userId");
    Response generated =
        studio.generate(
            "{\"prompt\":\"a cat\",\"userId\":\"ada\"}", "Authorization", issuer.bearer("bob"));
    assertThat(generated.isProblem(400, "invalid_request").fields()).containsExactly("userId");
    assertThat(studio.skytells.sold()).hasSize(1);
    assertThat(get(generation + "?userId=ada", issuer.bearer("ada")).status()).isEqualTo(200);
  }

  @Test
  void aMissingTokenIsAnswered401WithTheScheme() {
    Response response = studio.get(UNKNOWN).isProblem(401, "unauthenticated");

    assertThat(response.header("WWW-Authenticate")).contains("Bearer");
    studio.generate(TestServer.BODY).isProblem(401, "unauthenticated");
    assertThat(studio.skytells.sold()).isEmpty();
    assertThat(issuer.keyRequests).hasValue(0);
  }

  @Test
  void ellipticCurveSignaturesAreAccepted() throws JOSEException {
    var key = new ECKeyGenerator(Curve.P_256).keyID("ec").generate();
    var token =
        new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.ES256).keyID("ec").build(),
            issuer.claims("ada").build());
    token.sign(new ECDSASigner(key));
    issuer.publish(key.toPublicJWK());

    assertThat(get(UNKNOWN, "Bearer " + token.serialize()).status()).isEqualTo(404);
  }

  static Stream<Arguments> badTokens() {
    return Stream.of(
        bad("no token", _ -> "Bearer"),
        bad("another scheme", _ -> "Basic YWRhOmFkYQ=="),
        bad("not a token", _ -> "Bearer a.b.c"),
        bad("no signature", issuer -> unsigned(issuer)),
        bad("a truncated signature", issuer -> cut(issuer.bearer("ada"))),
        bad("the public key as a shared secret", JwtIT::signedWithPublicKey),
        bad("another key with a known id", JwtIT::forged),
        bad("an unknown key", issuer -> "Bearer " + withUnknownKey(issuer)),
        bad("another issuer", issuer -> with(issuer, c -> c.issuer("https://evil.test"))),
        bad("no issuer", issuer -> with(issuer, c -> c.issuer(null))),
        bad("another audience", issuer -> with(issuer, c -> c.audience("elsewhere"))),
        bad("no audience", issuer -> with(issuer, c -> c.audience(List.of()))),
        bad("expired", issuer -> with(issuer, c -> c.expirationTime(at(issuer, -31)))),
        bad("no expiry", issuer -> with(issuer, c -> c.expirationTime(null))),
        bad("not yet valid", issuer -> with(issuer, c -> c.notBeforeTime(at(issuer, 31)))),
        bad("no subject", issuer -> with(issuer, c -> c.subject(null))),
        bad("a blank subject", issuer -> with(issuer, c -> c.subject(" "))),
        bad("a subject with control characters", issuer -> with(issuer, c -> c.subject("a\u0007"))),
        bad("a subject that is too long", issuer -> with(issuer, c -> c.subject("a".repeat(201)))),
        bad("an unknown critical header", JwtIT::critical),
        bad("another type of token", JwtIT::ofAnotherType));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("badTokens")
  void anInvalidTokenIsRejected(String name, Function<TestIssuer, String> credential) {
    get(UNKNOWN, credential.apply(issuer)).isProblem(401, "unauthenticated");
  }

  @Test
  void clockSkewOf30SecondsIsTolerated() {
    assertThat(get(UNKNOWN, with(issuer, c -> c.expirationTime(at(issuer, -29)))).status())
        .isEqualTo(404);
    assertThat(get(UNKNOWN, with(issuer, c -> c.notBeforeTime(at(issuer, 29)))).status())
        .isEqualTo(404);
    studio.clock.advance(Duration.ofMinutes(6));
    get(UNKNOWN, issuer.bearer("ada")).isProblem(401, "unauthenticated");
  }

  @Test
  void anyConfiguredAudienceIsAccepted() {
    assertThat(get(UNKNOWN, with(issuer, c -> c.audience("mobile"))).status()).isEqualTo(404);
    assertThat(get(UNKNOWN, with(issuer, c -> c.audience(List.of("x", "studio")))).status())
        .isEqualTo(404);
  }

  @Test
  void moreThanOneCredentialIsRejected() {
    String bearer = issuer.bearer("ada");

    studio
        .get(UNKNOWN, "Authorization", bearer, "Authorization", bearer)
        .isProblem(401, "unauthenticated");
  }

  @Test
  void keysAreFetchedOnceAndAgainForAnUnknownKeyId() {
    get(UNKNOWN, issuer.bearer("ada"));
    get(UNKNOWN, issuer.bearer("bob"));
    assertThat(issuer.keyRequests).hasValue(1);

    issuer.rotate("second");
    assertThat(get(UNKNOWN, issuer.bearer("ada")).status()).isEqualTo(404);
    assertThat(issuer.keyRequests).hasValue(2);
  }

  @Test
  void tokensWithUnknownKeysDoNotCauseRepeatedFetches() {
    for (int i = 0; i < 20; i++) {
      get(UNKNOWN, "Bearer " + withUnknownKey(issuer)).isProblem(401, "unauthenticated");
    }
    assertThat(issuer.keyRequests).hasValue(2);
    assertThat(get(UNKNOWN, issuer.bearer("ada")).status()).isEqualTo(404);
  }

  @Test
  void aRevokedKeyIsRejectedAfterTheCacheExpires() {
    String old = issuer.bearer("ada");
    assertThat(get(UNKNOWN, old).status()).isEqualTo(404);

    issuer.rotate("second");
    studio.clock.advance(JwksCache.TIME_TO_LIVE.plusSeconds(1));
    issuerClock.advance(JwksCache.TIME_TO_LIVE);

    get(UNKNOWN, old).isProblem(401, "unauthenticated");
  }

  @Test
  void expiredKeysAreUsedDuringAnOutageOfTheIssuer() {
    assertThat(get(UNKNOWN, issuer.bearer("ada")).status()).isEqualTo(404);
    issuer.setBroken(true);
    issuerClock.advance(JwksCache.TIME_TO_LIVE.plusSeconds(1));
    studio.clock.advance(JwksCache.TIME_TO_LIVE.plusSeconds(1));

    assertThat(get(UNKNOWN, issuer.bearer("ada")).status()).isEqualTo(404);
  }

  @Test
  void withoutKeysRequestsGet503InsteadOf401() {
    issuer.setBroken(true);
    for (int i = 0; i < 5; i++) {
      Response response = get(UNKNOWN, issuer.bearer("ada")).isProblem(503, "unavailable");
      assertThat(response.header("Retry-After")).contains("5");
    }

    issuer.setBroken(false);
    studio.clock.advance(JwksCache.MIN_REFRESH_INTERVAL.plusSeconds(1));
    assertThat(get(UNKNOWN, issuer.bearer("ada")).status()).isEqualTo(404);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{\"issuer\":\"https://evil.test\"}"})
  void aConfigurationOfAnotherIssuerIsRejected(String configuration) {
    issuer.configure(
        configuration.equals("{}")
            ? Map.of()
            : Map.of("issuer", "https://evil.test", "jwks_uri", "x"));

    get(UNKNOWN, issuer.bearer("ada")).isProblem(503, "unavailable");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "keys", "file:///etc/passwd", ":", "ftp://127.0.0.1/keys"})
  void keyUrlsMustBeHttp(String keysUrl) {
    issuer.configure(Map.of("issuer", issuer.url(), "jwks_uri", keysUrl));

    get(UNKNOWN, issuer.bearer("ada")).isProblem(503, "unavailable");
  }

  @Test
  void otherRoutesNeedNoToken() {
    assertThat(studio.get("/").status()).isEqualTo(200);
    assertThat(studio.get("/health/ready").status()).isEqualTo(200);
    studio.post("/api/webhooks", "{}").isProblem(401, "invalid_signature");
  }

  private String generation(String user) {
    Response response = studio.generate(TestServer.BODY, "Authorization", issuer.bearer(user));
    assertThat(response.status()).isEqualTo(202);
    return "/api/predictions/" + response.json().get("id").textValue();
  }

  private Response get(String path, String credential) {
    return studio.get(path, "Authorization", credential, "X-Request-Id", "same");
  }

  private static Arguments bad(String name, Function<TestIssuer, String> credential) {
    return Arguments.of(name, credential);
  }

  private static String with(
      TestIssuer issuer, Function<JWTClaimsSet.Builder, JWTClaimsSet.Builder> change) {
    return issuer.bearer(change.apply(issuer.claims("ada")).build());
  }

  private static Date at(TestIssuer issuer, long seconds) {
    Instant expiry = issuer.claims("ada").build().getExpirationTime().toInstant();
    return Date.from(expiry.minus(Duration.ofMinutes(5)).plusSeconds(seconds));
  }

  private static String unsigned(TestIssuer issuer) {
    return "Bearer " + new PlainJWT(issuer.claims("ada").build()).serialize();
  }

  private static String cut(String credential) {
    return credential.substring(0, credential.lastIndexOf('.') + 1);
  }

  private static String signedWithPublicKey(TestIssuer issuer) {
    try {
      var token =
          new SignedJWT(
              new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("first").build(),
              issuer.claims("ada").build());
      token.sign(new MACSigner(issuer.key().toRSAPublicKey().getEncoded()));
      return "Bearer " + token.serialize();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String forged(TestIssuer issuer) {
    return "Bearer "
        + TestIssuer.signed(
            new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("first").build(),
            issuer.claims("ada").build(),
            TestIssuer.newKey("first"));
  }

  private static String withUnknownKey(TestIssuer issuer) {
    var header = new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("stranger").build();
    return issuer.bearer(header, issuer.claims("ada").build()).substring("Bearer ".length());
  }

  private static String critical(TestIssuer issuer) {
    return issuer.bearer(
        new JWSHeader.Builder(JWSAlgorithm.RS256)
            .keyID("first")
            .criticalParams(Set.of("unknown"))
            .customParam("unknown", true)
            .build(),
        issuer.claims("ada").build());
  }

  private static String ofAnotherType(TestIssuer issuer) {
    return issuer.bearer(
        new JWSHeader.Builder(JWSAlgorithm.RS256)
            .keyID("first")
            .type(new JOSEObjectType("logout+jwt"))
            .build(),
        issuer.claims("ada").build());
  }
}
