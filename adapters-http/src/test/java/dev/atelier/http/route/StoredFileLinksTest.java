package dev.atelier.http.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atelier.application.port.MutableClock;
import dev.atelier.application.port.Secret;
import dev.atelier.domain.FileReference;
import dev.atelier.domain.GenerationId;
import dev.atelier.domain.UploadId;
import dev.atelier.http.auth.LinkSigner;
import dev.atelier.http.auth.LinkSigning;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StoredFileLinksTest {
  private static final GenerationId ID =
      new GenerationId(UUID.fromString("0198c0de-5d00-7000-8000-0000000000a1"));
  private static final FileReference FILE = new FileReference.OutputFile(ID, 2);
  private static final String URL =
      "https://studio.example/atelier/api/predictions/0198c0de-5d00-7000-8000-0000000000a1";

  private final MutableClock clock = new MutableClock();
  private final Links links =
      new Links(
          URI.create("https://studio.example/atelier/"),
          Optional.of(
              new LinkSigner(
                  new LinkSigning(List.of(new Secret("k".repeat(32))), Duration.ofHours(1)),
                  clock)));
  private final StoredFileLinks files = new StoredFileLinks(links, true);

  @Test
  void everyUrlThatAResponseContainsIsRecognized() {
    assertThat(files.parse(links.output(ID, 2))).contains(FILE);
    assertThat(files.parse(files.url(FILE))).contains(FILE);
    FileReference upload = new FileReference.UploadedFile(new UploadId(ID.value()));
    assertThat(files.parse(links.upload(new UploadId(ID.value())))).contains(upload);
    assertThat(files.url(upload)).isEqualTo("https://studio.example/atelier/api/uploads/" + ID);
    assertThat(files.url(FILE)).isEqualTo(URL + "/output/2");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        URL + "/output/",
        URL + "/output/2/",
        URL + "/output/2#x",
        URL + "/output/99999999999",
        "http://studio.example/atelier/api/predictions/x/output/2",
        "https://studio.example/api/predictions/0198c0de-5d00-7000-8000-0000000000a1/output/2",
        "see " + URL + "/output/2"
      })
  void otherTextIsNot(String text) {
    assertThat(files.parse(text)).isEmpty();
  }

  @Test
  void aSignedUrlIsValidUntilTheGivenTime() {
    String signed = files.signedUrl(FILE, clock.instant().plus(Duration.ofMinutes(42)));
    String expires = signed.replaceFirst(".*expires=([0-9]+)&.*", "$1");

    assertThat(signed).startsWith(URL + "/output/2?expires=").contains("&signature=");
    assertThat(Long.parseLong(expires) - clock.instant().getEpochSecond())
        .isBetween(42 * 60L, 47 * 60L);
  }
}
