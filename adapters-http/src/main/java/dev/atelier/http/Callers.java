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
 * Who is calling, for whom, and what they may see. Asked once for each request to {@code /api},
 * before its route; webhooks bear a signature instead, which theirs looks at.
 */
final class Callers implements Routes {
  private static final String WEBHOOKS = "/api/webhooks";
  private static final String CALLER = "caller";

  private final Authenticator authenticator;
  private final Optional<LinkSigner> signer;

  /**
   * @param signer whose links are as good as a credential, for what they lead to
   */
  Callers(Authenticator authenticator, Optional<LinkSigner> signer) {
    this.authenticator = authenticator;
    this.signer = signer;
  }

  @Override
  public void addTo(RoutesConfig routes) {
    routes.beforeMatched("/api/*", this::identify);
  }

  /** By the route that matched, since an address has more than one spelling. */
  private void identify(Context ctx) {
    Endpoint route = ctx.endpoints().matchedHttpEndpoint();
    if (route == null || !route.path.startsWith(WEBHOOKS)) {
      // What a browser keeps of one user is not there for the next one. Others add theirs.
      ctx.res().addHeader("Vary", "Authorization");
      boolean linked = signer.filter(by -> by.opens(ctx)).isPresent();
      ctx.attribute(CALLER, linked ? new Caller.LinkHolder() : authenticator.authenticate(ctx));
    }
  }

  /**
   * Whose generations the request may see: a user theirs; a trusted caller those of the user it
   * names by {@code userId} in its query, or everybody's.
   *
   * @throws InvalidRequestException when {@code userId} cannot be one, or is not the user's own
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
   * Whose a new generation will be.
   *
   * @param named by {@code userId} in the body
   * @throws InvalidValueException when that is not the user's own
   */
  UserId owner(Context ctx, Optional<UserId> named) {
    return switch (caller(ctx)) {
      case Caller.Trusted _ -> named.orElse(UserId.ANONYMOUS);
      case Caller.User user -> own(user, named);
      case Caller.LinkHolder _ -> throw new IllegalStateException("a link only shows an output");
    };
  }

  /** Who calls, as the limits know them: empty for those who hold a link or bring a webhook. */
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
      throw new InvalidValueException("userId", "must be left out: the token says who you are");
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
    throw new IllegalStateException("nobody was identified for " + ctx.path());
  }
}
