package dev.atelier.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InvalidSettingsIT {
  @TempDir private Path folder;

  @Test
  void everyProblemIsPrintedAndTheExitCodeIs78() throws Exception {
    try (var atelier =
        AtelierProcess.launch(
            folder,
            Map.of(
                "ACTIVE_LIMIT", "none",
                "SKYTELLS_API_KEY", "sk-s3cret",
                "DATABASE_URL", "mysql://ada:s3cret@db/atelier"))) {
      assertThat(atelier.exitStatus()).isEqualTo(78);

      assertThat(atelier.log())
          .contains("ACTIVE_LIMIT must be a whole number")
          .contains("SKYTELLS_WEBHOOK_SECRET must be set")
          .contains("DATABASE_URL must")
          .doesNotContain("s3cret")
          .doesNotContain("\tat ");
      assertThat(folder).isDirectoryNotContaining("glob:**/.atelier");
    }
  }
}
