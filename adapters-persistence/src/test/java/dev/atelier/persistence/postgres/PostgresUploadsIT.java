package dev.atelier.persistence.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atelier.application.port.Uploads;
import dev.atelier.application.port.UploadsContract;
import dev.atelier.domain.MediaType;
import dev.atelier.domain.UploadId;
import dev.atelier.domain.UserId;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PostgresUploadsIT implements UploadsContract {
  @AutoClose
  private final PostgresDatabase database =
      new PostgresDatabase(PostgresServer.settings(PostgresServer.shared().newDatabase()));

  @BeforeEach
  void start() {
    database.start();
  }

  @Override
  public Uploads uploads() {
    return new PostgresUploads(database);
  }

  @Test
  void theKeyOfABlobWhoseTypeThisVersionDoesNotKnowIsReturned() {
    var upload =
        new Uploads.Pending(
            new UploadId(UUID.randomUUID()), new UserId("ada"), MediaType.JPEG, Instant.EPOCH);
    uploads().add(upload, Instant.EPOCH, 1);
    database.run(handle -> handle.execute("UPDATE uploads SET media_type = 'image/x-new'"));

    assertThat(uploads().claimToRemove(Instant.EPOCH, Duration.ZERO, 1))
        .containsExactly(new Uploads.Removal(upload.id(), upload.key()));
  }
}
