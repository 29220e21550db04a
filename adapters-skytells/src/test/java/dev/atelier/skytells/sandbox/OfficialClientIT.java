package dev.atelier.skytells.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.atelier.application.port.Secret;
import dev.atelier.skytells.sandbox.api.SandboxSettings;
import dev.atelier.skytells.sandbox.fault.SandboxFaults;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Skytells' own npm package takes the sandbox for Skytells. Runs with {@code -Pnpm}. */
@Tag("npm")
class OfficialClientIT {
  private static final String API_KEY = "sk-test";
  private static final Path SOURCES = Path.of("src", "test", "npm");
  private static final Path FOLDER = Path.of("target", "npm");

  @Test
  void theOfficialClientTakesTheSandboxForSkytells() throws Exception {
    Files.createDirectories(FOLDER);
    for (String file : List.of("package.json", "package-lock.json", "official-client.mjs")) {
      Files.copy(SOURCES.resolve(file), FOLDER.resolve(file), StandardCopyOption.REPLACE_EXISTING);
    }
    run("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund");
    var settings =
        new SandboxSettings(
            0,
            new Secret(API_KEY),
            new Secret("whsec_test"),
            Duration.ofMillis(100),
            SandboxSettings.RETENTION,
            0,
            SandboxFaults.NONE);
    try (var sandbox = new Sandbox(settings, Clock.systemUTC())) {
      sandbox.start();

      String told = run("node", "official-client.mjs", String.valueOf(sandbox.baseUrl()), API_KEY);

      assertThat(told).contains("every call was answered");
      assertThat(sandbox.predictions()).hasSize(3);
    }
  }

  /** Runs it to its end, which must be good, and gives what it said. */
  private static String run(String... command) throws IOException, InterruptedException {
    Path output = FOLDER.resolve(command[0] + ".log");
    Process process = start(command, output);
    try {
      assertThat(process.waitFor(50, TimeUnit.SECONDS)).as("%s ends", command[0]).isTrue();
    } finally {
      process.destroyForcibly();
    }
    String said = Files.readString(output, UTF_8);
    assertThat(process.exitValue()).as(said).isZero();
    return said;
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
