package dev.atelier.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atelier.bootstrap.Markdown.Block;
import dev.atelier.domain.MediaType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the calls of docs/api.md in order and compares the responses. */
class ApiDocsIT {
  private static final Map<String, Pattern> VARIABLES =
      Map.of(
          "id", Pattern.compile("\"id\":\"([^\"]+)\""),
          "cursor", Pattern.compile("\"nextCursor\":\"([^\"]+)\""));

  @TempDir private Path folder;

  @Test
  void everyCallPrintsTheDocumentedResponse() throws Exception {
    List<Block> blocks = Markdown.read("docs/api.md").blocks();
    Map<String, String> variables = new HashMap<>();
    String printed = "";
    int responses = 0;
    try (var atelier = AtelierProcess.startScript(Markdown.REPOSITORY.resolve("studio"), folder)) {
      for (Block block : blocks) {
        switch (block.language()) {
          case "sh" -> {
            printed = Markdown.run(block.text(), variables, folder, atelier);
            setVariables(printed, variables);
          }
          case "text" -> {
            String expected = block.text().replace("localhost:8080", "localhost:" + atelier.port());
            assertThat(withoutSpace(printed)).matches(pattern(expected));
            responses++;
          }
          default -> throw new AssertionError("unexpected block: " + block.language());
        }
      }
    }
    assertThat(responses).isGreaterThan(15);
    assertThat(MediaType.detect(Files.readAllBytes(folder.resolve("picture.png"))))
        .contains(MediaType.PNG);
    assertThat(folder.resolve("start.bin")).hasSize(8);
  }

  private static void setVariables(String printed, Map<String, String> variables) {
    VARIABLES.forEach(
        (name, pattern) ->
            pattern
                .matcher(printed)
                .results()
                .findFirst()
                .ifPresent(match -> variables.put(name, match.group(1))));
  }

  /** Ignores white space; an ellipsis matches anything. */
  private static Pattern pattern(String expected) {
    return Pattern.compile(
        Stream.of(withoutSpace(expected).split("…", -1))
            .map(Pattern::quote)
            .collect(Collectors.joining(".*")));
  }

  private static String withoutSpace(String text) {
    return text.replaceAll("\\s", "");
  }
}
