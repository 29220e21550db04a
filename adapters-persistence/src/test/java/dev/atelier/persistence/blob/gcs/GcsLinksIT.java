package dev.atelier.persistence.blob.gcs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.api.client.http.HttpTransport;
import com.google.api.client.http.LowLevelHttpRequest;
import com.google.api.client.http.LowLevelHttpResponse;
import com.google.auth.Credentials;
import com.google.auth.oauth2.ComputeEngineCredentials;
import com.google.auth.oauth2.ServiceAccountCredentials;
import dev.atelier.application.port.BlobLink;
import dev.atelier.application.port.MutableClock;
import dev.atelier.application.port.Noise;
import dev.atelier.application.port.UnavailableException;
import dev.atelier.domain.BlobKey;
import dev.atelier.domain.GenerationId;
import dev.atelier.domain.MediaType;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Signed and public URLs, with a service account key and as on Cloud Run. */
class GcsLinksIT {
  private static final String INLINE = "inline; filename=\"a b-0.mp4\"";
  private static final Duration LIFE = Duration.ofMinutes(10);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(2);

  @AutoClose private final FakeGcs gcs = FakeGcs.start();
  private final MutableClock clock = new MutableClock();
  private final BlobKey key = BlobKey.of(new GenerationId(UUID.randomUUID()), 0, MediaType.MP4);
  private final GcsSettings settings =
      GcsSettings.parse("gs://" + FakeGcs.BUCKET + "/some/prefix")
          .at(gcs.endpoint())
          .withUrlLife(LIFE);
  private final GcsBlobStore withKey = new GcsBlobStore(settings, this::key, clock, FIRST_PAUSE);
  private final GcsBlobStore onCloudRun =
      new GcsBlobStore(
          settings,
          () ->
              ComputeEngineCredentials.newBuilder()
                  .setHttpTransportFactory(() -> new Redirecting(gcs.endpoint()))
                  .build(),
          clock,
          FIRST_PAUSE);

  private Credentials key() {
    return ServiceAccountCredentials.newBuilder()
        .setClientEmail(FakeGcs.ACCOUNT)
        .setPrivateKey(gcs.keys().getPrivate())
        .setTokenServerUri(URI.create(gcs.endpoint() + "/token"))
        .build()
        .createScoped("storage");
  }

  @BeforeEach
  void store() throws IOException {
    withKey.put(key, MediaType.MP4, new Noise(1000));
  }

  @Test
  void aSignedUrlServesTheBytesWithItsDisposition() throws Exception {
    for (GcsBlobStore blobs : List.of(withKey, onCloudRun)) {
      BlobLink link = blobs.link(key, INLINE).orElseThrow();

      HttpResponse<byte[]> answer = get(link.url());

      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.body()).isEqualTo(new Noise(1000).readAllBytes());
      assertThat(answer.headers().firstValue("Content-Disposition")).contains(INLINE);
      assertThat(answer.headers().firstValue("Content-Type")).contains("video/mp4");
      assertThat(link.usableFor()).isEqualTo(LIFE);
      assertThat(link.url().getRawQuery()).contains("X-Goog-Expires=600");
    }
  }

  @Test
  void aModifiedUrlIsRejected() throws Exception {
    String url = withKey.link(key, INLINE).orElseThrow().url().toString();

    for (String changed :
        List.of(
            url.replace("X-Goog-Expires=600", "X-Goog-Expires=6000"),
            url.replace("0.mp4?", "1.mp4?"),
            url.replace("inline", "attachment"))) {
      assertThat(changed).isNotEqualTo(url);
      assertThat(get(URI.create(changed)).statusCode()).isEqualTo(403);
    }
  }

  @Test
  void aUrlIsReusedForHalfOfItsLifetime() {
    BlobLink first = onCloudRun.link(key, INLINE).orElseThrow();
    clock.advance(LIFE.dividedBy(2).minusSeconds(1));
    BlobLink again = onCloudRun.link(key, INLINE).orElseThrow();

    assertThat(again.url()).isEqualTo(first.url());
    assertThat(again.usableFor()).isEqualTo(LIFE.dividedBy(2).plusSeconds(1));
    assertThat(gcs.count("POST signBlob")).isEqualTo(1);

    clock.advance(Duration.ofSeconds(1));
    BlobLink renewed = onCloudRun.link(key, INLINE).orElseThrow();

    assertThat(renewed.url()).isNotEqualTo(first.url());
    assertThat(renewed.usableFor()).isEqualTo(LIFE);
    assertThat(gcs.count("POST signBlob")).isEqualTo(2);
  }

  @Test
  void aDownloadHasItsOwnUrl() throws Exception {
    String attachment = INLINE.replace("inline", "attachment");
    URI inline = withKey.link(key, INLINE).orElseThrow().url();

    URI download = withKey.link(key, attachment).orElseThrow().url();

    assertThat(get(download).headers().firstValue("Content-Disposition")).contains(attachment);
    assertThat(withKey.link(key, INLINE).orElseThrow().url()).isEqualTo(inline);
  }

  @Test
  void aMissingBlobHasNoUrlAndNothingIsSigned() {
    onCloudRun.delete(key);

    assertThat(onCloudRun.link(key, INLINE)).isEmpty();
    assertThat(gcs.count("POST signBlob")).isZero();
  }

  @Test
  void aDeletedBlobHasNoUrl() {
    assertThat(withKey.link(key, INLINE)).isPresent();

    withKey.delete(key);

    assertThat(withKey.link(key, INLINE)).isEmpty();
  }

  @Test
  void theUrlCacheIsBounded() {
    int remembered = 5;
    var client = new GcsClient(settings, this::key, clock, FIRST_PAUSE);
    var links = new GcsLinks(settings, client, clock, remembered);
    URI first = links.get(key, "inline", () -> true).orElseThrow().url();

    sign(links, remembered - 1);
    assertThat(links.get(key, "inline", () -> true).orElseThrow().url()).isEqualTo(first);

    sign(links, remembered);
    assertThat(links.get(key, "inline", () -> true).orElseThrow().url()).isNotEqualTo(first);
  }

  /** Requests this number of other URLs, one per second. */
  private void sign(GcsLinks links, int addresses) {
    for (int i = 0; i < addresses; i++) {
      clock.advance(Duration.ofSeconds(1)); // signatures within one second are equal
      String disposition = "inline; filename=\"" + clock.instant() + "\"";
      assertThat(links.get(key, disposition, () -> true)).isPresent();
    }
  }

  @Test
  void afterAFailedSignatureTheNextAttemptIsAMinuteLater() {
    gcs.lacks("iam.serviceAccounts.signBlob");

    assertThat(onCloudRun.link(key, INLINE)).isEmpty();
    long tried = gcs.count("POST signBlob");
    assertThat(tried).isPositive();
    clock.advance(GcsLinks.PAUSE.minusSeconds(1));
    assertThat(onCloudRun.link(key, INLINE)).isEmpty();
    assertThat(gcs.count("POST signBlob")).isEqualTo(tried);

    gcs.lacks();
    clock.advance(Duration.ofSeconds(1));
    assertThat(onCloudRun.link(key, INLINE)).isPresent();
  }

  @Test
  void theCheckReportsAFailingSigner() {
    gcs.lacks("iam.serviceAccounts.signBlob");

    assertThatThrownBy(onCloudRun::check)
        .isInstanceOf(UnavailableException.class)
        .hasMessageContaining("iam.serviceAccounts.signBlob");

    gcs.lacks();
    assertThatCode(onCloudRun::check).doesNotThrowAnyException();
    long signed = gcs.count("POST signBlob");
    onCloudRun.check();
    assertThat(gcs.count("POST signBlob")).isEqualTo(signed); // the signature is not repeated
  }

  @Test
  void aPublicUrlIsBaseAndKeyWithoutASignature() {
    var published =
        new GcsBlobStore(settings.withPublicUrl(URI.create("https://cdn.example/assets")), clock);

    BlobLink link = published.link(key, INLINE).orElseThrow();

    assertThat(link).isEqualTo(new BlobLink(URI.create("https://cdn.example/assets/" + key), LIFE));
    assertThat(gcs.count("POST signBlob")).isZero();
    published.delete(key);
    assertThat(published.link(key, INLINE)).isEmpty();
  }

  private static HttpResponse<byte[]> get(URI url) throws Exception {
    try (var http = HttpClient.newHttpClient()) {
      return http.send(HttpRequest.newBuilder(url).build(), BodyHandlers.ofByteArray());
    }
  }

  /** Sends every request to one server, regardless of its host. */
  private static final class Redirecting extends HttpTransport {
    private final URI server;
    private final HttpClient http = HttpClient.newHttpClient();

    Redirecting(URI server) {
      this.server = server;
    }

    @Override
    protected LowLevelHttpRequest buildRequest(String method, String url) {
      URI asked = URI.create(url);
      String query = asked.getRawQuery() == null ? "" : "?" + asked.getRawQuery();
      var request = HttpRequest.newBuilder(URI.create(server + asked.getRawPath() + query));
      return new LowLevelHttpRequest() {
        @Override
        public void addHeader(String name, String value) {
          request.setHeader(name, value);
        }

        @Override
        public LowLevelHttpResponse execute() throws IOException {
          var body = new ByteArrayOutputStream();
          if (getStreamingContent() != null) {
            getStreamingContent().writeTo(body);
          }
          request.method(method, BodyPublishers.ofByteArray(body.toByteArray()));
          try {
            return new Answer(http.send(request.build(), BodyHandlers.ofByteArray()));
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
          }
        }
      };
    }
  }

  private static final class Answer extends LowLevelHttpResponse {
    private final HttpResponse<byte[]> answer;
    private final List<Map.Entry<String, List<String>>> headers;

    Answer(HttpResponse<byte[]> answer) {
      this.answer = answer;
      this.headers = List.copyOf(answer.headers().map().entrySet());
    }

    @Override
    public InputStream getContent() {
      return new ByteArrayInputStream(answer.body());
    }

    @Override
    public String getContentEncoding() {
      return "";
    }

    @Override
    public long getContentLength() {
      return answer.body().length;
    }

    @Override
    public String getContentType() {
      return answer.headers().firstValue("Content-Type").orElse("");
    }

    @Override
    public String getStatusLine() {
      return "HTTP/1.1 " + answer.statusCode();
    }

    @Override
    public int getStatusCode() {
      return answer.statusCode();
    }

    @Override
    public String getReasonPhrase() {
      return "";
    }

    @Override
    public int getHeaderCount() {
      return headers.size();
    }

    @Override
    public String getHeaderName(int index) {
      return headers.get(index).getKey();
    }

    @Override
    public String getHeaderValue(int index) {
      return headers.get(index).getValue().getFirst();
    }
  }
}
