package dev.atelier.persistence.blob.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atelier.application.port.Noise;
import dev.atelier.domain.MediaType;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * In a process that the system lets write files of two megabytes at most: there, a write fails in
 * its middle as it does on a disk that is full, and needs neither such a disk nor root.
 */
class FullDiskIT {
  @TempDir private Path folder;

  @Test
  void aDiskThatIsFullIsUnavailableAndNothingIsLostOrLeftBehind() throws Exception {
    var blobs = new FileBlobStore(folder, Clock.systemUTC());
    blobs.check();
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    Process process =
        new ProcessBuilder(
                "sh",
                "-c",
                // In blocks of 512 or 1024 bytes, by the shell.
                "ulimit -f 2000 && exec \"$@\"",
                "sh",
                java.toString(),
                "-cp",
                System.getProperty("java.class.path"),
                FullDisk.class.getName(),
                folder.toString())
            .redirectErrorStream(true)
            .start();

    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(process.waitFor()).as(said).isZero();
    assertThat(said)
        .contains("refused: the storage cannot be written to, java.io.IOException: File too large")
        .contains("there: false")
        .contains("kept: 100000");
    assertThat(folder.resolve("incoming")).isEmptyDirectory();
    assertThat(folder.resolve(FullDisk.TOO_BIG.value())).doesNotExist();

    // With room again, the same output is stored.
    assertThat(blobs.put(FullDisk.TOO_BIG, MediaType.PNG, new Noise(3_000_000)).bytes())
        .isEqualTo(3_000_000);
    assertThat(Files.size(folder.resolve(FullDisk.SMALL.value()))).isEqualTo(100_000);
  }
}
