package dev.atelier.bootstrap;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** A page of the documentation, whose shell commands can be run. */
record Markdown(Path file, String text) {
  static final Path REPOSITORY = Path.of("..").toAbsolutePath().normalize();

  private static final Pattern BLOCK = Pattern.compile("(?s)```([a-z]+)\n(.*?)```");
  private static final Pattern LINK = Pattern.compile("]\\(([^)#:]+)(?:#[^)]*)?\\)");

  /** A fenced code block. */
  record Block(String language, String text) {}

  static Markdown read(String name) throws IOException {
    return read(REPOSITORY.resolve(name));
  }

  static Markdown read(Path file) throws IOException {
    return new Markdown(file, Files.readString(file, UTF_8));
  }

  List<Block> blocks() {
    return BLOCK
        .matcher(text)
        .results()
        .map(match -> new Block(match.group(1), match.group(2)))
        .toList();
  }

  /** Returns the blocks of language {@code sh}. */
  List<String> commands() {
    return blocks().stream()
        .filter(block -> block.language().equals("sh"))
        .map(Block::text)
        .toList();
  }

  /** Returns the files that relative links point to. */
  List<Path> links() {
    return LINK.matcher(text)
        .results()
        .map(link -> file.resolveSibling(link.group(1)).normalize())
        .toList();
  }

  /** Runs commands in a shell against the service, asserts success and returns their output. */
  static String run(
      String commands, Map<String, String> variables, Path folder, AtelierProcess atelier)
      throws IOException, InterruptedException {
    Path output = folder.resolve("output.txt");
    var shell =
        new ProcessBuilder(
                "bash",
                "-euo",
                "pipefail",
                "-c",
                commands.replace("localhost:8080", "localhost:" + atelier.port()))
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
