package dev.atelier.bootstrap;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.atelier.domain.MediaType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the README says, executed. */
class ReadmeIT {
  private static final Path REPOSITORY = Path.of("..").toAbsolutePath().normalize();
  private static final Pattern SHELL_BLOCK = Pattern.compile("(?s)```sh\n(.*?)```");
  private static final Pattern LINK = Pattern.compile("]\\(([^)#:]+)\\)");
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path folder;

  @Test
  void theStudioStartsAndAnswersTheCallsThatTheReadmeShows() throws Exception {
    List<String> blocks = shellBlocks();
    assertThat(blocks.getFirst().strip()).isEqualTo("./studio");
    List<String> calls = blocks.stream().filter(block -> block.startsWith("curl ")).toList();
    assertThat(calls).hasSize(2);

    try (var studio = AtelierProcess.startScript(REPOSITORY.resolve("studio"), folder)) {
      run(calls.getFirst(), studio);
      JsonNode generation = JSON.readTree(folder.resolve("generation.json").toFile());
      assertThat(generation.get("status").asText()).isEqualTo("succeeded");
      assertThat(MediaType.detect(Files.readAllBytes(folder.resolve("lighthouse.png"))))
          .contains(MediaType.PNG);

      String printed = run(calls.getLast(), studio);
      assertThat(printed)
          .startsWith("HTTP/1.1 202")
          .containsIgnoringCase("\nLocation: ")
          .contains("\"status\":\"succeeded\"");

      assertThat(studio.stop()).isEqualTo(128 + 15);
      assertThat(studio.log()).endsWith("Stopped\n");
    }
  }

  @Test
  void theSettingsTableHasEverySettingAndNoOther() throws IOException {
    String readme = readme();
    Path sources = REPOSITORY.resolve("bootstrap/src/main/java/dev/atelier/bootstrap");
    String source =
        Files.readString(sources.resolve("Settings.java"))
            + Files.readString(sources.resolve("AccessSettings.java"));
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
  void everyLinkIntoTheRepositoryLeadsSomewhere() throws IOException {
    assertThat(LINK.matcher(readme()).results().map(found -> REPOSITORY.resolve(found.group(1))))
        .isNotEmpty()
        .allMatch(Files::exists);
  }

  @Test
  void theTestCommandIsWhatContinuousIntegrationRuns() throws IOException {
    assertThat(shellBlocks()).contains("./mvnw verify\n");
    assertThat(REPOSITORY.resolve(".ci/run")).content().containsPattern("\n\\./mvnw .*verify\n");
  }

  private String run(String commands, AtelierProcess studio)
      throws IOException, InterruptedException {
    Path output = folder.resolve("output.txt");
    Process shell =
        new ProcessBuilder(
                "bash",
                "-euo",
                "pipefail",
                "-c",
                commands.replace("localhost:8080", "localhost:" + studio.port()))
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    assertThat(shell.waitFor()).as(Files.readString(output, UTF_8)).isZero();
    return Files.readString(output, UTF_8);
  }

  private static List<String> shellBlocks() throws IOException {
    return SHELL_BLOCK
        .matcher(readme())
        .results()
        .map((MatchResult found) -> found.group(1))
        .toList();
  }

  private static String readme() throws IOException {
    return Files.readString(REPOSITORY.resolve("README.md"), UTF_8);
  }
}
