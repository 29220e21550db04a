package dev.atelier.http.auth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import dev.atelier.application.port.UnavailableException;
import dev.atelier.domain.InvalidValueException;
import dev.atelier.domain.UserId;
import io.javalin.http.Context;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.util.Date;
import java.util.Set;

/** Authenticates users by tokens of an OpenID Connect issuer (RFC 8725). */
public final class JwtAuthenticator implements Authenticator {
  /** No shared secrets, no unsigned tokens. */
  private static final Set<JWSAlgorithm> ALGORITHMS =
      Set.of(
          JWSAlgorithm.RS256,
          JWSAlgorithm.RS384,
          JWSAlgorithm.RS512,
          JWSAlgorithm.PS256,
          JWSAlgorithm.PS384,
          JWSAlgorithm.PS512,
          JWSAlgorithm.ES256,
          JWSAlgorithm.ES384,
          JWSAlgorithm.ES512);

  private static final Duration CLOCK_SKEW = Duration.ofSeconds(30);

  private final DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();

  public JwtAuthenticator(AuthMode.Jwt settings, Clock clock) {
    processor.setJWSTypeVerifier(
        new DefaultJOSEObjectTypeVerifier<>(
            JOSEObjectType.JWT, new JOSEObjectType("at+jwt"), null));
    processor.setJWSKeySelector(
        new JWSVerificationKeySelector<>(
            ALGORITHMS, new JwksCache(new JwksClient(settings), clock)));
    var claims =
        new DefaultJWTClaimsVerifier<SecurityContext>(
            settings.audiences(),
            new JWTClaimsSet.Builder().issuer(settings.issuer().toString()).build(),
            Set.of("sub", "exp"),
            Set.of()) {
          @Override
          protected Date currentTime() {
            return Date.from(clock.instant());
          }
        };
    claims.setMaxClockSkew((int) CLOCK_SKEW.toSeconds());
    processor.setJWTClaimsSetVerifier(claims);
  }

  @Override
  public Caller authenticate(Context ctx) {
    String token = BearerToken.token(ctx);
    try {
      return new Caller.User(new UserId(processor.process(token, null).getSubject()));
    } catch (KeySourceException e) {
      throw new UnavailableException("cannot fetch the keys of the JWT issuer", e);
    } catch (ParseException | BadJOSEException | JOSEException | InvalidValueException e) {
      throw new UnauthenticatedException(String.valueOf(e.getMessage()));
    }
  }
}
