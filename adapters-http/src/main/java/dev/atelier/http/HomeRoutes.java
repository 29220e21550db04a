package dev.atelier.http;

import io.javalin.config.RoutesConfig;
import java.util.Map;

/** Serves the start page. */
final class HomeRoutes implements Routes {
  private final Links links;

  HomeRoutes(Links links) {
    this.links = links;
  }

  @Override
  public void addTo(RoutesConfig routes) {
    Page page = Page.of("home.html", Map.of("appUrl", links.base()), Map.of());
    Routes.read(routes, "/", page::answer);
  }
}
