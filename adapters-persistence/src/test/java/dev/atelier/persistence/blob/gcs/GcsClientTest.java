package dev.atelier.persistence.blob.gcs;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.auth.oauth2.GoogleCredentials;
import com.google.auth.oauth2.ServiceAccountCredentials;
import java.security.KeyPairGenerator;
import org.junit.jupiter.api.Test;

class GcsClientTest {
  /** signBlob rejects a token that is scoped to Cloud Storage only. */
  @Test
  void theCredentialsAreAlsoScopedForSigning() throws Exception {
    var found =
        ServiceAccountCredentials.newBuilder()
            .setClientEmail("atelier@project.iam.gserviceaccount.com")
            .setPrivateKey(KeyPairGenerator.getInstance("RSA").generateKeyPair().getPrivate())
            .build();

    GoogleCredentials scoped = GcsClient.scoped(found);

    assertThat(((ServiceAccountCredentials) scoped).getScopes())
        .containsExactly("https://www.googleapis.com/auth/cloud-platform");
  }
}
