package dev.atelier.http;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Handler;

/** The routes of one group of resources. */
interface Routes {
  void addTo(RoutesConfig routes);

  /** A route that is read. Left to itself, Javalin answers HEAD with 200 and asks no handler. */
  static void read(RoutesConfig routes, String path, Handler handler) {
    routes.get(path, handler);
    routes.head(path, handler);
  }
}
