package dev.atelier.persistence.blob.gcs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GcsSettingsTest {
  @ParameterizedTest
  @CsvSource({
    "gs://pictures, pictures, ''",
    "gs://pictures/, pictures, ''",
    "gs://my.pictures-2_x/some/prefix, my.pictures-2_x, some/prefix/",
    "gs://pictures/some/prefix/, pictures, some/prefix/",
    "gs://pictures/v1.0, pictures, v1.0/"
  })
  void aBucketMayHaveAPrefix(String location, String bucket, String prefix) {
    GcsSettings settings = GcsSettings.parse(location);

    assertThat(settings.bucket()).isEqualTo(bucket);
    assertThat(settings.prefix()).isEqualTo(prefix);
  }

  @Test
  void theDefaultsAreGoogleAndUrlsSignedForFifteenMinutes() {
    GcsSettings settings = GcsSettings.parse("gs://pictures");

    assertThat(settings.endpoint()).isEmpty();
    assertThat(settings.publicUrl()).isEmpty();
    assertThat(settings.urlLife()).isEqualTo(GcsSettings.DEFAULT_URL_LIFE).hasMinutes(15);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "gs://",
        "gs:///prefix",
        "gs://a",
        "gs://Pictures",
        "gs://pictures//x",
        "gs://pictures/a b",
        "gs://pictures/../x",
        "gs://pictures/x/..",
        "gs://pictures/./x",
        "gs://pictures?x",
        "gs://pictures/x#y",
        "s3://pictures",
        "pictures",
        ""
      })
  void rejectsAnInvalidLocation(String location) {
    assertThatThrownBy(() -> GcsSettings.parse(location))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("must look like gs://bucket or gs://bucket/prefix");
  }
}
