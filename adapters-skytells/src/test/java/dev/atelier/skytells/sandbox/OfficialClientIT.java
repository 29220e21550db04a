package dev.atelier.skytells.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Runs Skytells' npm package against the sandbox, with {@code -Pnpm}. */
@Tag("npm")
class OfficialClientIT {
  private static final String API_KEY = "sk-test";
  private static final Path SOURCES = Path.of("src", "test", "npm");
  private static final Path FOLDER = Path.of("target", "npm");

  @Test
  void theOfficialClientWorksWithTheSandbox() throws Exception {
    Files.createDirectories(FOLDER);
    for (String file : List.of("package.json", "package-lock.json", "official-client.mjs")) {
      Files.copy(SOURCES.resolve(file), FOLDER.resolve(file), StandardCopyOption.REPLACE_EXISTING);
    }
    run("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund");
    try (var sandbox = Sandboxes.started(API_KEY, "whsec_test", Duration.ofMillis(100))) {
      String output =
          run("node", "official-client.mjs", String.valueOf(sandbox.baseUrl()), API_KEY);

      assertThat(output).contains("every call was answered");
      assertThat(sandbox.predictions()).hasSize(3);
    }
  }

  /** Runs a command, asserts success and returns its output. */
  private static String run(String... command) throws IOException, InterruptedException {
    Path log = FOLDER.resolve(command[0] + ".log");
    Process process = start(command, log);
    try {
      assertThat(process.waitFor(50, TimeUnit.SECONDS)).as("%s exits", command[0]).isTrue();
    } finally {
      process.destroyForcibly();
    }
    String printed = Files.readString(log, UTF_8);
    assertThat(process.exitValue()).as(printed).isZero();
    return printed;
  }

  private static Process start(String[] command, Path output) {
    try {
      return new ProcessBuilder(command)
          .directory(FOLDER.toFile())
          .redirectErrorStream(true)
          .redirectOutput(output.toFile())
          .start();
    } catch (IOException e) {
      throw new AssertionError(
          "-Pnpm needs " + command[0] + " on the PATH (Node 18 or newer, with npm)", e);
    }
  }
}
