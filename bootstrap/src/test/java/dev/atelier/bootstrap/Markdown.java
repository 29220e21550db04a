package dev.atelier.bootstrap;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** A page of the documentation, and a shell for what it tells its readers to type. */
record Markdown(Path file, String text) {
  static final Path REPOSITORY = Path.of("..").toAbsolutePath().normalize();

  private static final Pattern BLOCK = Pattern.compile("(?s)```([a-z]+)\n(.*?)```");
  private static final Pattern LINK = Pattern.compile("]\\(([^)#:]+)(?:#[^)]*)?\\)");

  /** What stands between fences. */
  record Block(String language, String text) {}

  static Markdown read(String name) throws IOException {
    Path file = REPOSITORY.resolve(name);
    return new Markdown(file, Files.readString(file, UTF_8));
  }

  List<Block> blocks() {
    return BLOCK.matcher(text).results().map(it -> new Block(it.group(1), it.group(2))).toList();
  }

  /** The texts of the blocks that are for a shell. */
  List<String> commands() {
    return blocks().stream()
        .filter(block -> block.language().equals("sh"))
        .map(Block::text)
        .toList();
  }

  /** The files that it leads to. */
  List<Path> links() {
    return LINK.matcher(text)
        .results()
        .map(link -> file.resolveSibling(link.group(1)).normalize())
        .toList();
  }

  /** Types commands into a shell, asserts that each of them succeeds, and tells what it printed. */
  static String type(
      String commands, Map<String, String> variables, Path folder, AtelierProcess studio)
      throws IOException, InterruptedException {
    Path output = folder.resolve("output.txt");
    var shell =
        new ProcessBuilder(
                "bash",
                "-euo",
                "pipefail",
                "-c",
                commands.replace("localhost:8080", "localhost:" + studio.port()))
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    shell.environment().putAll(variables);
    int status = shell.start().waitFor();
    String printed = Files.readString(output, UTF_8);
    assertThat(status).as(commands + printed).isZero();
    return printed;
  }
}
