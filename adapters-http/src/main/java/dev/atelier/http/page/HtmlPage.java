package dev.atelier.http.page;

import dev.atelier.http.request.Sha256;
import io.javalin.http.Context;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * An HTML page whose Content-Security-Policy allows only its inline scripts and styles, by hash,
 * and the given sources.
 */
record HtmlPage(String html, String policy) {
  private static final Pattern STYLE = Pattern.compile("<style>(.*?)</style>", Pattern.DOTALL);
  private static final Pattern SCRIPT = Pattern.compile("<script>(.*?)</script>", Pattern.DOTALL);

  /**
   * @param values for <code>{{name}}</code>
   * @param sources by directive such as <code>img-src</code>
   */
  static HtmlPage of(String resource, Map<String, String> values, Map<String, String> sources) {
    String html = ClasspathResource.text(resource);
    for (var value : values.entrySet()) {
      html = html.replace("{{" + value.getKey() + "}}", escape(value.getValue()));
    }
    String style = hashes(STYLE, html) + sources.getOrDefault("style-src", "");
    String script = hashes(SCRIPT, html) + sources.getOrDefault("script-src", "");
    String otherDirectives =
        sources.entrySet().stream()
            .filter(source -> !source.getKey().matches("style-src|script-src"))
            .map(source -> source.getKey() + " " + source.getValue() + "; ")
            .sorted()
            .collect(Collectors.joining());
    return new HtmlPage(
        html,
        "default-src 'none'; "
            + (style.isEmpty() ? "" : "style-src " + style + "; ")
            + (script.isEmpty() ? "" : "script-src " + script + "; ")
            + otherDirectives
            + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
  }

  void respond(Context ctx) {
    ctx.header("Content-Security-Policy", policy)
        .header("X-Content-Type-Options", "nosniff")
        .header("Referrer-Policy", "no-referrer")
        .header("Cache-Control", "no-cache")
        .contentType("text/html; charset=utf-8")
        .result(html.getBytes(StandardCharsets.UTF_8));
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
  }

  private static String hashes(Pattern element, String html) {
    return element
        .matcher(html)
        .results()
        .map(match -> "'" + hash(match.group(1)) + "' ")
        .collect(Collectors.joining());
  }

  private static String hash(String text) {
    byte[] digest = Sha256.digest(text.getBytes(StandardCharsets.UTF_8));
    return "sha256-" + Base64.getEncoder().encodeToString(digest);
  }
}
