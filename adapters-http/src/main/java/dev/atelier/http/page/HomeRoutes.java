package dev.atelier.http.page;

import dev.atelier.http.request.Routes;
import dev.atelier.http.route.Links;
import io.javalin.config.RoutesConfig;
import java.util.Map;

/** Serves the start page. */
public final class HomeRoutes implements Routes {
  private final Links links;

  public HomeRoutes(Links links) {
    this.links = links;
  }

  @Override
  public void addTo(RoutesConfig routes) {
    HtmlPage htmlPage = HtmlPage.of("home.html", Map.of("appUrl", links.base()), Map.of());
    Routes.read(routes, "/", htmlPage::respond);
  }
}
