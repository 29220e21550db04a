package dev.atelier.skytells.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atelier.application.port.InputBuilder.Violation;
import dev.atelier.domain.ModelInput;
import dev.atelier.skytells.output.PublicAddresses;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Checks parameters of {@code format: uri}, which Skytells fetches. Host names are not resolved:
 * Skytells resolves them in its own network.
 *
 * @param filePaths the paths of stored files, which are already known to be good
 */
record UrlParameters(InputSchema schema, Set<String> filePaths) {
  private static final String RULE =
      "must be a public https URL without credentials, the URL of an output, or the URL of an"
          + " upload";

  List<Violation> validate(ObjectNode input) {
    var violations = new ArrayList<Violation>();
    input
        .properties()
        .forEach(
            parameter ->
                check(
                    ModelInput.path(parameter.getKey()),
                    schema.parameter(parameter.getKey()),
                    parameter.getValue(),
                    violations));
    return violations;
  }

  private void check(String path, JsonNode rules, JsonNode value, List<Violation> violations) {
    if (value.isArray()) {
      for (int i = 0; i < value.size(); i++) {
        check(path + "[" + i + "]", rules.path("items"), value.get(i), violations);
      }
    } else if (value.isTextual()
        && isUrl(rules)
        && !filePaths.contains(path)
        && !isPublicHttps(value.textValue())) {
      violations.add(new Violation(path, RULE));
    }
  }

  private static boolean isUrl(JsonNode rules) {
    return rules.path("format").asText().equals("uri")
        || Stream.of("anyOf", "oneOf", "allOf")
            .flatMap(keyword -> rules.path(keyword).valueStream())
            .anyMatch(UrlParameters::isUrl);
  }

  private static boolean isPublicHttps(String text) {
    try {
      URI url = new URI(text);
      String host = url.getHost();
      return "https".equalsIgnoreCase(url.getScheme())
          && host != null
          && url.getRawUserInfo() == null
          && PublicAddresses.isPublic(host);
    } catch (URISyntaxException e) {
      return false;
    }
  }
}
