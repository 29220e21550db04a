package dev.atelier.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.atelier.domain.MediaType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the commands of the README and checks its table of settings. */
class ReadmeIT {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path folder;

  @Test
  void theCommandsOfTheReadmeWork() throws Exception {
    List<String> blocks = readme().commands();
    assertThat(blocks.getFirst().strip()).isEqualTo("./studio");
    List<String> calls = blocks.stream().filter(block -> block.contains("curl ")).toList();
    assertThat(calls).hasSize(3);

    try (var atelier = AtelierProcess.startScript(Markdown.REPOSITORY.resolve("studio"), folder)) {
      Markdown.run(calls.getFirst(), Map.of(), folder, atelier);
      JsonNode generation = JSON.readTree(folder.resolve("generation.json").toFile());
      assertThat(generation.get("status").asText()).isEqualTo("succeeded");
      assertThat(MediaType.detect(Files.readAllBytes(folder.resolve("lighthouse.png"))))
          .contains(MediaType.PNG);

      String printed = Markdown.run(calls.get(1), Map.of(), folder, atelier);
      assertThat(printed)
          .startsWith("HTTP/1.1 202")
          .containsIgnoringCase("\nLocation: ")
          .contains("\"status\":\"succeeded\"");

      JsonNode edit = JSON.readTree(Markdown.run(calls.getLast(), Map.of(), folder, atelier));
      assertThat(edit.get("status").asText()).isEqualTo("succeeded");
      assertThat(edit.at("/inputs/0/generation").asText()).isEqualTo(generation.get("id").asText());
      assertThat(generation.properties().stream().map(Map.Entry::getKey))
          .allSatisfy(field -> assertThat(readme().text()).contains("`" + field + "`"));

      assertThat(atelier.stop()).isEqualTo(128 + 15);
      assertThat(atelier.log()).endsWith("Stopped\n");
    }
  }

  @Test
  void theSettingsTableListsEverySettingAndNoOther() throws IOException {
    String readme = readme().text();
    Path sources = Markdown.REPOSITORY.resolve("bootstrap/src/main/java/dev/atelier/bootstrap");
    String source =
        Files.readString(sources.resolve("Settings.java"))
            + Files.readString(sources.resolve("AccessSettingsReader.java"))
            + Files.readString(sources.resolve("BlobSettings.java"));
    List<String> documented =
        readme
            .lines()
            .filter(line -> line.startsWith("| `"))
            .map(line -> line.substring(1, line.indexOf('|', 1)))
            .flatMap(cell -> Stream.of(cell.split(",")))
            .map(name -> name.replace("`", "").strip())
            .toList();

    List<String> read =
        Pattern.compile("\"([A-Z]+(?:_[A-Z]+)*)\"")
            .matcher(source)
            .results()
            .map(found -> found.group(1))
            .filter(name -> !name.equals("K_SERVICE"))
            .distinct()
            .toList();

    assertThat(documented).doesNotHaveDuplicates().hasSameElementsAs(read);
  }

  @Test
  void theTestCommandIsTheOneOfContinuousIntegration() throws IOException {
    assertThat(readme().commands()).contains("./mvnw verify\n");
    assertThat(Markdown.REPOSITORY.resolve(".ci/run"))
        .content()
        .containsPattern("\n\\./mvnw .*verify\n");
  }

  private static Markdown readme() throws IOException {
    return Markdown.read("README.md");
  }
}
