package dev.atelier.http.auth;

import dev.atelier.application.generate.InvalidRequestException;
import dev.atelier.application.query.AccessScope;
import dev.atelier.domain.InvalidValueException;
import dev.atelier.domain.UserId;
import dev.atelier.http.request.Routes;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.router.Endpoint;
import java.util.List;
import java.util.Optional;

/**
 * Identifies the caller of each {@code /api} request, and what they may access. Webhooks have no
 * caller; they are signed.
 */
public final class CallerResolver implements Routes {
  private static final String WEBHOOKS = "/api/webhooks";
  private static final String CALLER = "caller";

  private final Authenticator authenticator;
  private final Optional<LinkSigner> signer;

  public CallerResolver(Authenticator authenticator, Optional<LinkSigner> signer) {
    this.authenticator = authenticator;
    this.signer = signer;
  }

  @Override
  public void addTo(RoutesConfig routes) {
    routes.beforeMatched("/api/*", this::identify);
  }

  /** Checks the matched route, because different spellings of a path match the same route. */
  private void identify(Context ctx) {
    Endpoint route = ctx.endpoints().matchedHttpEndpoint();
    if (route == null || !route.path.startsWith(WEBHOOKS)) {
      // Keeps caches from serving one user's response to another. CORS adds to Vary as well.
      ctx.res().addHeader("Vary", "Authorization");
      boolean hasLink = signer.filter(links -> links.verify(ctx)).isPresent();
      ctx.attribute(CALLER, hasLink ? new Caller.LinkHolder() : authenticator.authenticate(ctx));
    }
  }

  /**
   * A user's own generations; for a trusted server, those of the {@code userId} parameter, or all.
   *
   * @throws InvalidRequestException when {@code userId} is invalid or names another user
   */
  public AccessScope accessScope(Context ctx) {
    try {
      Optional<UserId> requestedUser = userIdParameter(ctx);
      return switch (caller(ctx)) {
        case Caller.TrustedServer _ ->
            requestedUser.isPresent()
                ? new AccessScope.Owner(requestedUser.get())
                : new AccessScope.All();
        case Caller.User user -> new AccessScope.Owner(requireSelf(user, requestedUser));
        case Caller.LinkHolder _ ->
            // The signature covers the path, so the request can read only the signed output.
            new AccessScope.All();
      };
    } catch (InvalidValueException e) {
      throw new InvalidRequestException(e.field(), e.getMessage());
    }
  }

  /**
   * The owner of a new generation.
   *
   * @param requestedUser {@code userId} in the body
   * @throws InvalidValueException when it names another user
   */
  public UserId owner(Context ctx, Optional<UserId> requestedUser) {
    return switch (caller(ctx)) {
      case Caller.TrustedServer _ -> requestedUser.orElse(UserId.ANONYMOUS);
      case Caller.User user -> requireSelf(user, requestedUser);
      case Caller.LinkHolder _ ->
          throw new IllegalStateException("a signed link cannot start a generation");
    };
  }

  /**
   * The owner of a new upload, whom a trusted server names by the {@code userId} parameter.
   *
   * @throws InvalidRequestException when it is invalid or names another user
   */
  public UserId owner(Context ctx) {
    try {
      return owner(ctx, userIdParameter(ctx));
    } catch (InvalidValueException e) {
      throw new InvalidRequestException(e.field(), e.getMessage());
    }
  }

  /** Empty for signed links and webhooks. */
  public Optional<String> rateLimitKey(Context ctx) {
    return ctx.attribute(CALLER) instanceof Caller caller
        ? switch (caller) {
          case Caller.TrustedServer trustedServer -> Optional.of(trustedServer.name());
          case Caller.User user -> Optional.of(user.id().value());
          case Caller.LinkHolder _ -> Optional.empty();
        }
        : Optional.empty();
  }

  private static UserId requireSelf(Caller.User user, Optional<UserId> requestedUser) {
    if (requestedUser.isPresent() && !requestedUser.get().equals(user.id())) {
      throw new InvalidValueException(
          "userId", "must be omitted, since the token identifies the user");
    }
    return user.id();
  }

  private static Optional<UserId> userIdParameter(Context ctx) {
    List<String> values = ctx.queryParams("userId");
    if (values.size() > 1) {
      throw new InvalidValueException("userId", "must be given once");
    }
    return values.stream().findFirst().map(UserId::new);
  }

  private static Caller caller(Context ctx) {
    if (ctx.attribute(CALLER) instanceof Caller caller) {
      return caller;
    }
    throw new IllegalStateException("no caller identified for " + ctx.path());
  }
}
