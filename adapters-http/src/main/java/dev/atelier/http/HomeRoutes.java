package dev.atelier.http;

import io.javalin.config.RoutesConfig;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The page that explains the service to whoever opens its address in a browser. */
final class HomeRoutes implements Routes {
  private static final Pattern STYLE = Pattern.compile("<style>(.*?)</style>", Pattern.DOTALL);

  private final Links links;

  HomeRoutes(Links links) {
    this.links = links;
  }

  @Override
  public void addTo(RoutesConfig routes) {
    String page = template().replace("{{appUrl}}", escape(links.base()));
    // Nothing is loaded and nothing runs; only the page's own style applies, known by its hash.
    String policy =
        "default-src 'none'; style-src '"
            + hash(style(page))
            + "'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    Routes.read(
        routes,
        "/",
        ctx ->
            ctx.header("Content-Security-Policy", policy)
                .header("X-Content-Type-Options", "nosniff")
                .header("Referrer-Policy", "no-referrer")
                .header("Cache-Control", "no-cache")
                .contentType("text/html; charset=utf-8")
                .result(page.getBytes(StandardCharsets.UTF_8)));
  }

  private static String template() {
    try (InputStream page = HomeRoutes.class.getResourceAsStream("home.html")) {
      if (page == null) {
        throw new IllegalStateException("home.html is not beside its class");
      }
      return new String(page.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
  }

  private static String style(String page) {
    Matcher style = STYLE.matcher(page);
    return style.find() ? style.group(1) : "";
  }

  private static String hash(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return "sha256-" + Base64.getEncoder().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
