package dev.atelier.http.auth;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.JWKSetCacheRefreshEvaluator;
import com.nimbusds.jose.jwk.source.JWKSetRetrievalException;
import com.nimbusds.jose.jwk.source.JWKSetSource;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.DefaultResourceRetriever;
import com.nimbusds.jose.util.ResourceRetriever;
import dev.atelier.http.request.Json;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Fetches the JSON Web Key Set (RFC 7517) of the issuer, if necessary by OpenID Connect Discovery
 * 1.0 §4.
 */
final class JwksClient implements JWKSetSource<SecurityContext> {
  private static final int CONNECT_MILLIS = 2000;
  private static final int READ_MILLIS = 3000;
  private static final int MAX_BYTES = 256 * 1024;

  private final URI issuer;
  private final Optional<URI> keysUrl;
  private final ResourceRetriever retriever =
      new DefaultResourceRetriever(CONNECT_MILLIS, READ_MILLIS, MAX_BYTES);

  JwksClient(AuthMode.Jwt settings) {
    this.issuer = settings.issuer();
    this.keysUrl = settings.keysUrl();
  }

  @Override
  public JWKSet getJWKSet(
      JWKSetCacheRefreshEvaluator evaluator, long now, @Nullable SecurityContext context)
      throws KeySourceException {
    URI url = keysUrl.isPresent() ? keysUrl.get() : discover();
    try {
      return JWKSet.parse(get(url));
    } catch (ParseException e) {
      throw new JWKSetRetrievalException("response is not a JWKS: " + url, e);
    }
  }

  private URI discover() throws KeySourceException {
    URI url =
        URI.create(issuer.toString().replaceAll("/+$", "") + "/.well-known/openid-configuration");
    ObjectNode configuration =
        Json.readObject(get(url).getBytes(StandardCharsets.UTF_8)).orElseGet(Json::object);
    if (!issuer.toString().equals(configuration.path("issuer").textValue())) {
      throw new JWKSetRetrievalException(
          "OpenID configuration has a different issuer: " + url, null);
    }
    try {
      URI keys = URI.create(configuration.path("jwks_uri").asText());
      if ("https".equals(keys.getScheme()) || keys.getScheme().equals(issuer.getScheme())) {
        return keys;
      }
    } catch (IllegalArgumentException | NullPointerException e) {
      throw new JWKSetRetrievalException("OpenID configuration has no valid jwks_uri: " + url, e);
    }
    throw new JWKSetRetrievalException("jwks_uri must be https: " + url, null);
  }

  private String get(URI url) throws KeySourceException {
    try {
      return retriever.retrieveResource(url.toURL()).getContent();
    } catch (IOException | IllegalArgumentException e) {
      throw new JWKSetRetrievalException("cannot read " + url + ": " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {}
}
