package dev.atelier.http.auth;

import io.javalin.http.Context;
import java.util.Collections;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads {@code Authorization: Bearer …} (RFC 6750 §2.1). */
public final class BearerToken {
  public static final String SCHEME = "Bearer";

  private static final Pattern CREDENTIALS = Pattern.compile("(?i:bearer) +([!-~]+)");

  private BearerToken() {}

  /**
   * @throws UnauthenticatedException unless the request has exactly one token
   */
  static String token(Context ctx) {
    List<String> values = Collections.list(ctx.req().getHeaders("Authorization"));
    if (values.size() != 1) {
      throw new UnauthenticatedException("expected 1 Authorization header, got " + values.size());
    }
    Matcher credentials = CREDENTIALS.matcher(values.getFirst().strip());
    if (!credentials.matches()) {
      throw new UnauthenticatedException("Authorization header has no bearer token");
    }
    return credentials.group(1);
  }
}
