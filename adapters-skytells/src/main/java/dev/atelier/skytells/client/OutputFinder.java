package dev.atelier.skytells.client;

import com.fasterxml.jackson.databind.JsonNode;
import dev.atelier.domain.Output;
import dev.atelier.skytells.json.SkytellsJson;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.StringJoiner;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;

/**
 * Finds the results in a prediction's {@code output}. Models nest URLs and base64 in undocumented
 * ways, so every URL counts, except under the names in {@link #OTHER_LINKS}.
 */
final class OutputFinder {
  private static final int MAX_OUTPUTS = 64;
  private static final int MAX_STRUCTURE = 400;

  /** Alternatives of one result; the first one is used. */
  private static final List<String> PRIMARY =
      List.of("url", "uri", "download_url", "href", "src", "b64_json", "base64", "b64");

  private static final Set<String> BASE64 =
      Set.of("b64_json", "base64", "b64", "image_base64", "video_base64", "audio_base64");

  /** Previews, inputs and links of the API. */
  private static final Set<String> OTHER_LINKS =
      Set.of(
          "thumbnail",
          "thumbnails",
          "thumbnail_url",
          "thumb",
          "preview",
          "previews",
          "preview_url",
          "poster",
          "poster_url",
          "input",
          "inputs",
          "source",
          "source_url",
          "reference",
          "mask",
          "mask_url",
          "webhook",
          "webhook_url",
          "urls",
          "links",
          "get",
          "cancel",
          "stream",
          "delete",
          "web",
          "self",
          "next",
          "previous",
          "logs");

  private static final Pattern URL = Pattern.compile("(?i)\\s*(?:data:|[a-z][a-z0-9+.-]*://).*");

  private final LinkedHashSet<String> urls = new LinkedHashSet<>();
  private boolean truncated;

  private OutputFinder() {}

  sealed interface Found {
    record Results(List<Output> outputs) implements Found {}

    record Nothing() implements Found {}

    /**
     * No result was found.
     *
     * @param structure member names and types, without values
     */
    record Unreadable(String structure) implements Found {}
  }

  static Found find(JsonNode prediction) {
    JsonNode output = prediction.path("output");
    JsonNode files = prediction.path("metadata").path("storage").path("files");
    for (JsonNode node : List.of(output, files)) {
      var finder = new OutputFinder();
      finder.collect(node, "");
      if (finder.truncated) {
        return new Found.Unreadable(structure(node));
      }
      if (!finder.urls.isEmpty()) {
        return new Found.Results(finder.urls.stream().map(Output::new).toList());
      }
    }
    return isEmpty(output) ? new Found.Nothing() : new Found.Unreadable(structure(output));
  }

  private void collect(JsonNode node, String name) {
    if (urls.size() >= MAX_OUTPUTS) {
      return;
    }
    if (node.isArray()) {
      node.forEach(element -> collect(element, name));
    } else if (node.isObject()) {
      collectFromObject(node);
    } else {
      read(node, name).ifPresent(urls::add);
    }
  }

  private void collectFromObject(JsonNode object) {
    Optional<String> primary =
        PRIMARY.stream().filter(name -> read(object.path(name), name).isPresent()).findFirst();
    primary.flatMap(name -> read(object.path(name), name)).ifPresent(urls::add);
    for (Map.Entry<String, JsonNode> member : object.properties()) {
      String name = member.getKey().toLowerCase(Locale.ROOT);
      boolean container = member.getValue().isContainerNode();
      if (!OTHER_LINKS.contains(name) && (container || primary.isEmpty())) {
        collect(member.getValue(), name);
      }
    }
  }

  private Optional<String> read(JsonNode node, String name) {
    if (node.isPojo()) {
      truncated = true;
      return Optional.empty();
    }
    return SkytellsJson.text(node)
        .flatMap(
            text ->
                URL.matcher(text.substring(0, Math.min(text.length(), 64))).matches()
                    ? Optional.of(text)
                    : BASE64.contains(name)
                        ? Optional.of("data:;base64," + text)
                        : Optional.empty());
  }

  private static boolean isEmpty(JsonNode node) {
    return node.isContainerNode()
        ? StreamSupport.stream(node.spliterator(), false).allMatch(OutputFinder::isEmpty)
        : node.isMissingNode() || node.isNull() || (node.isTextual() && node.textValue().isBlank());
  }

  private static String structure(JsonNode node) {
    String structure = describe(node, 0);
    return structure.length() > MAX_STRUCTURE
        ? structure.substring(0, MAX_STRUCTURE) + "…"
        : structure;
  }

  private static String describe(JsonNode node, int depth) {
    if (depth > 6) {
      return "…";
    }
    if (node.isArray()) {
      return "["
          + (node.isEmpty() ? "" : node.size() + " × " + describe(node.get(0), depth + 1))
          + "]";
    }
    if (node.isObject()) {
      var members = new StringJoiner(", ", "{", "}");
      node.properties().stream()
          .limit(20)
          .forEach(
              member ->
                  members.add(
                      (SkytellsJson.isName(member.getKey()) ? member.getKey() : "?")
                          + ": "
                          + describe(member.getValue(), depth + 1)));
      return members.toString();
    }
    return node.isPojo() ? "long text" : node.getNodeType().name().toLowerCase(Locale.ROOT);
  }
}
