package dev.atelier.http.request;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Handler;

/** A group of related routes. */
public interface Routes {
  void addTo(RoutesConfig routes);

  /** Adds GET and HEAD, which Javalin would answer without the handler. */
  static void read(RoutesConfig routes, String path, Handler handler) {
    routes.get(path, handler);
    routes.head(path, handler);
  }
}
