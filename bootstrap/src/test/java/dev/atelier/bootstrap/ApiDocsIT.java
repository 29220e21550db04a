package dev.atelier.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atelier.bootstrap.Markdown.Block;
import dev.atelier.domain.MediaType;
import java.io.IOException;
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

/** What the page for those who write a front end says, executed in its order. */
class ApiDocsIT {
  private static final Map<String, Pattern> REMEMBERED =
      Map.of(
          "id", Pattern.compile("\"id\":\"([^\"]+)\""),
          "cursor", Pattern.compile("\"nextCursor\":\"([^\"]+)\""));

  @TempDir private Path folder;

  @Test
  void everyCallAnswersAsThePageSays() throws Exception {
    List<Block> blocks = Markdown.read("docs/api.md").blocks();
    Map<String, String> variables = new HashMap<>();
    String printed = "";
    int answers = 0;
    try (var studio = AtelierProcess.startScript(Markdown.REPOSITORY.resolve("studio"), folder)) {
      for (Block block : blocks) {
        switch (block.language()) {
          case "sh" -> {
            printed = Markdown.type(block.text(), variables, folder, studio);
            remember(printed, variables);
          }
          case "text" -> {
            String expected = block.text().replace("localhost:8080", "localhost:" + studio.port());
            assertThat(withoutSpace(printed)).matches(pattern(expected));
            answers++;
          }
          default -> throw new AssertionError("a block of " + block.language());
        }
      }
    }
    assertThat(answers).isGreaterThan(15);
    assertThat(MediaType.detect(Files.readAllBytes(folder.resolve("picture.png"))))
        .contains(MediaType.PNG);
    assertThat(folder.resolve("start.bin")).hasSize(8);
  }

  @Test
  void everyLinkLeadsSomewhere() throws IOException {
    assertThat(Markdown.read("docs/api.md").links()).isNotEmpty().allMatch(Files::exists);
  }

  private static void remember(String printed, Map<String, String> variables) {
    REMEMBERED.forEach(
        (name, pattern) ->
            pattern
                .matcher(printed)
                .results()
                .findFirst()
                .ifPresent(it -> variables.put(name, it.group(1))));
  }

  /** Line breaks and indents are the page's own, and an ellipsis stands for anything. */
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
