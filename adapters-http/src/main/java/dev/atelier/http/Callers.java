package dev.atelier.http;

import dev.atelier.application.InvalidRequestException;
import dev.atelier.application.InvalidRequestException.FieldError;
import dev.atelier.application.Viewer;
import dev.atelier.domain.InvalidValueException;
import dev.atelier.domain.UserId;
import io.javalin.http.Context;
import java.util.List;

/** Who is calling. Everybody who reaches the port is trusted, and may speak for any user. */
final class Callers {
  /**
   * Whose generations the request may see: those of the user it names by {@code userId} in its
   * query, or everybody's.
   *
   * @throws InvalidRequestException when {@code userId} cannot be one
   */
  Viewer viewer(Context ctx) {
    List<String> named = ctx.queryParams("userId");
    if (named.isEmpty()) {
      return new Viewer.Everyone();
    }
    if (named.size() > 1) {
      throw refused("userId", "must be given once");
    }
    try {
      return new Viewer.Owner(new UserId(named.getFirst()));
    } catch (InvalidValueException e) {
      throw refused(e.field(), String.valueOf(e.getMessage()));
    }
  }

  private static InvalidRequestException refused(String field, String message) {
    return new InvalidRequestException(List.of(new FieldError(field, message)));
  }
}
