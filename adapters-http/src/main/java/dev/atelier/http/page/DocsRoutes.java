package dev.atelier.http.page;

import com.fasterxml.jackson.databind.JsonNode;
import dev.atelier.http.header.EntityTag;
import dev.atelier.http.request.Json;
import dev.atelier.http.request.Routes;
import dev.atelier.http.route.Links;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.Map;
import java.util.Properties;

/**
 * Serves {@code /openapi.json}, and {@code /docs} to explore it with Swagger UI. The page loads
 * nothing from other hosts.
 */
public final class DocsRoutes implements Routes {
  private static final String WEBJAR = "org.webjars/swagger-ui";

  private static final Map<String, String> SWAGGER_UI_FILES =
      Map.of(
          "swagger-ui-bundle.js", "text/javascript; charset=utf-8",
          "swagger-ui.css", "text/css; charset=utf-8");

  private final JsonNode description;
  private final Links links;

  public DocsRoutes(JsonNode description, Links links) {
    this.description = description;
    this.links = links;
  }

  @Override
  public void addTo(RoutesConfig routes) {
    var tag = EntityTag.of(description);
    Routes.read(routes, "/openapi.json", ctx -> describe(ctx, tag));
    String version = version();
    HtmlPage htmlPage = htmlPage(version);
    Routes.read(routes, "/docs", htmlPage::respond);
    SWAGGER_UI_FILES.forEach(
        (file, type) ->
            Routes.read(
                routes,
                "/docs/" + version + "/" + file,
                ctx -> swaggerUi(ctx, version, file, type)));
  }

  private void describe(Context ctx, EntityTag tag) {
    ctx.header("ETag", tag.value()).header("Cache-Control", "no-cache");
    if (tag.matches(ctx.header("If-None-Match"))) {
      ctx.status(304);
    } else {
      Json.respond(ctx, 200, description);
    }
  }

  /** Without host names, so that the page works under any. */
  private HtmlPage htmlPage(String version) {
    URI base = URI.create(links.base());
    String api = base.getScheme() + "://" + base.getRawAuthority();
    return HtmlPage.of(
        "docs.html",
        Map.of("path", base.getRawPath(), "version", version),
        Map.of(
            "style-src", "'self'",
            "script-src", "'self'",
            "img-src", "'self' data:",
            "connect-src", "'self' " + api));
  }

  /** The path contains the version, so the file is immutable. */
  private static void swaggerUi(Context ctx, String version, String file, String type) {
    ctx.contentType(type)
        .header("X-Content-Type-Options", "nosniff")
        .header("Cache-Control", "public, max-age=31536000, immutable")
        .result(
            ClasspathResource.bytes(
                "/META-INF/resources/webjars/swagger-ui/" + version + "/" + file));
  }

  static String version() {
    var properties = new Properties();
    try {
      properties.load(
          new ByteArrayInputStream(
              ClasspathResource.bytes("/META-INF/maven/" + WEBJAR + "/pom.properties")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return properties.getProperty("version");
  }
}
