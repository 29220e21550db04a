package dev.atelier.http;

import dev.atelier.application.InvalidRequestException;
import dev.atelier.application.InvalidRequestException.FieldError;
import dev.atelier.application.Viewer;
import dev.atelier.domain.InvalidValueException;
import dev.atelier.domain.UserId;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.router.Endpoint;
import java.util.List;
import java.util.Optional;

/**
 * Identifies the caller of each {@code /api} request, and what they may access. Webhooks have no
 * caller; their route verifies a signature.
 */
final class Callers implements Routes {
  private static final String WEBHOOKS = "/api/webhooks";
  private static final String CALLER = "caller";

  private final Authenticator authenticator;
  private final Optional<LinkSigner> signer;

  Callers(Authenticator authenticator, Optional<LinkSigner> signer) {
    this.authenticator = authenticator;
    this.signer = signer;
  }

  @Override
  public void addTo(RoutesConfig routes) {
    routes.beforeMatched("/api/*", this::identify);
  }

  /** Checks the route, since a path has several spellings. */
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
   * A user may read their own generations; a trusted server those of the {@code userId} in the
   * query, or all.
   *
   * @throws InvalidRequestException when {@code userId} is invalid or names another user
   */
  Viewer viewer(Context ctx) {
    try {
      Optional<UserId> named = named(ctx);
      return switch (caller(ctx)) {
        case Caller.Trusted _ ->
            named.isPresent() ? new Viewer.Owner(named.get()) : new Viewer.Everyone();
        case Caller.User user -> new Viewer.Owner(own(user, named));
        case Caller.LinkHolder _ -> new Viewer.Everyone();
      };
    } catch (InvalidValueException e) {
      throw new InvalidRequestException(List.of(new FieldError(e.field(), e.getMessage())));
    }
  }

  /**
   * The owner of a new generation.
   *
   * @param named {@code userId} in the body
   * @throws InvalidValueException when it names another user
   */
  UserId owner(Context ctx, Optional<UserId> named) {
    return switch (caller(ctx)) {
      case Caller.Trusted _ -> named.orElse(UserId.ANONYMOUS);
      case Caller.User user -> own(user, named);
      case Caller.LinkHolder _ ->
          throw new IllegalStateException("a signed link cannot start a generation");
    };
  }

  /** Key for rate limits; empty for signed links and webhooks. */
  Optional<String> name(Context ctx) {
    return ctx.attribute(CALLER) instanceof Caller caller
        ? switch (caller) {
          case Caller.Trusted trusted -> Optional.of(trusted.name());
          case Caller.User user -> Optional.of(user.id().value());
          case Caller.LinkHolder _ -> Optional.empty();
        }
        : Optional.empty();
  }

  private static UserId own(Caller.User user, Optional<UserId> named) {
    if (named.isPresent() && !named.get().equals(user.id())) {
      throw new InvalidValueException(
          "userId", "must be omitted, since the token identifies the user");
    }
    return user.id();
  }

  private static Optional<UserId> named(Context ctx) {
    List<String> named = ctx.queryParams("userId");
    if (named.size() > 1) {
      throw new InvalidValueException("userId", "must be given once");
    }
    return named.stream().findFirst().map(UserId::new);
  }

  private static Caller caller(Context ctx) {
    if (ctx.attribute(CALLER) instanceof Caller caller) {
      return caller;
    }
    throw new IllegalStateException("no caller identified for " + ctx.path());
  }
}
