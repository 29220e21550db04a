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
 * A full disk, simulated by a process with a file size limit of two megabytes: a write fails
 * midway, without a full disk or root.
 */
class FullDiskIT {
  @TempDir private Path folder;

  @Test
  void aFullDiskIsUnavailableAndNothingIsLostOrLeftBehind() throws Exception {
    var blobs = new FileBlobStore(folder, Clock.systemUTC());
    blobs.check();
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    Process process =
        new ProcessBuilder(
                "sh",
                "-c",
                // The unit is 512 or 1024 bytes, depending on the shell.
                "ulimit -f 2000 && exec \"$@\"",
                "sh",
                java.toString(),
                "-cp",
                System.getProperty("java.class.path"),
                FullDisk.class.getName(),
                folder.toString())
            .redirectErrorStream(true)
            .start();

    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(process.waitFor()).as(output).isZero();
    assertThat(output)
        .contains("refused: the storage cannot be written to, java.io.IOException: File too large")
        .contains("there: false")
        .contains("kept: 100000");
    assertThat(folder.resolve("incoming")).isEmptyDirectory();
    assertThat(folder.resolve(FullDisk.TOO_BIG.value())).doesNotExist();

    // Without the limit, the same blob is stored.
    assertThat(blobs.put(FullDisk.TOO_BIG, MediaType.PNG, new Noise(3_000_000)).bytes())
        .isEqualTo(3_000_000);
    assertThat(Files.size(folder.resolve(FullDisk.SMALL.value()))).isEqualTo(100_000);
  }
}
