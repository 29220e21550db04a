package dev.atelier.http;

import io.javalin.http.Context;
import java.util.Collections;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code Authorization: Bearer …}, RFC 6750 §2.1. */
final class Bearer {
  /** The scheme, as a challenge has it. */
  static final String SCHEME = "Bearer";

  private static final Pattern CREDENTIALS = Pattern.compile("(?i:bearer) +([!-~]+)");

  private Bearer() {}

  /** Whether the request has a credential at all, of whichever kind. */
  static boolean isTried(Context ctx) {
    return ctx.req().getHeader("Authorization") != null;
  }

  /**
   * The token that the request bears.
   *
   * @throws UnauthenticatedException when it bears none, or more than one
   */
  static String token(Context ctx) {
    List<String> values = Collections.list(ctx.req().getHeaders("Authorization"));
    if (values.size() != 1) {
      throw new UnauthenticatedException(values.size() + " Authorization headers");
    }
    Matcher credentials = CREDENTIALS.matcher(values.getFirst().strip());
    if (!credentials.matches()) {
      throw new UnauthenticatedException("the Authorization header bears no token");
    }
    return credentials.group(1);
  }
}
