package dev.atelier.skytells.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.atelier.application.port.Outputs;
import dev.atelier.application.port.Outputs.Fetch;
import dev.atelier.domain.MediaType;
import dev.atelier.domain.Output;
import dev.atelier.skytells.client.ScriptedServer;
import dev.atelier.skytells.client.WireServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import okhttp3.Dns;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SkytellsOutputsTest {
  private static final byte[] PNG = picture(5_000);
  private static final OutputLimits LIMITS =
      new OutputLimits(
          10_000, 20_000, Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofSeconds(10));

  @AutoClose private final ScriptedServer server = new ScriptedServer();

  SkytellsOutputsTest() throws IOException {}

  @Test
  void theBytesAreUnchanged() throws IOException {
    server.next(ScriptedServer.bytes(200, PNG));

    assertThat(read(LIMITS)).isEqualTo(PNG);
  }

  @Test
  void theRequestHasNoCredentials() throws IOException {
    server.next(ScriptedServer.bytes(200, PNG));

    read(LIMITS);

    assertThat(server.requests().getFirst().headers().keySet())
        .isSubsetOf("Host", "Connection", "Accept-encoding", "User-agent");
  }

  @ParameterizedTest
  @ValueSource(ints = {403, 404, 410})
  void status403And404And410MeanGone(int status) {
    server.next(ScriptedServer.status(status));

    assertThat(fetch(LIMITS)).isEqualTo(new Fetch.Gone());
  }

  @ParameterizedTest
  @ValueSource(ints = {202, 204, 206, 304, 305, 400, 401, 429, 500, 502, 503})
  void anyOtherStatusIsUnavailable(int status) {
    boolean bodiless = status == 204 || status == 304;
    server.next(ScriptedServer.reply(status, bodiless ? "" : "x"));

    assertThat(fetch(LIMITS)).isEqualTo(new Fetch.Unavailable("HTTP " + status));
  }

  @Test
  void anEmptyResponseIsUnavailable() {
    server.next(ScriptedServer.status(200));

    assertThat(fetch(LIMITS)).isEqualTo(new Fetch.Unavailable("empty response"));
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 303, 307, 308})
  void aRedirectOnTheSameOriginIsFollowed(int status) throws IOException {
    server.next(
        ScriptedServer.reply(status, "", "Location", server.origin() + "/elsewhere?sig=1"),
        ScriptedServer.bytes(200, PNG));

    assertThat(read(LIMITS)).isEqualTo(PNG);
    assertThat(server.requests())
        .extracting(ScriptedServer.Request::method, ScriptedServer.Request::path)
        .containsExactly(tuple("GET", "/outputs/1.png"), tuple("GET", "/elsewhere"));
    assertThat(server.requests().getLast().query()).isEqualTo("sig=1");
  }

  @ParameterizedTest
  @CsvSource({
    "2.png, /outputs/2.png",
    "../2.png, /2.png",
    "/a/2.png, /a/2.png",
    "?v=2, /outputs/1.png",
    "'', /outputs/1.png",
  })
  void aRelativeRedirectIsResolved(String location, String path) throws IOException {
    server.next(
        ScriptedServer.reply(302, "", "Location", location), ScriptedServer.bytes(200, PNG));

    assertThat(read(LIMITS)).isEqualTo(PNG);
    assertThat(server.requests().getLast().path()).isEqualTo(path);
  }

  @Test
  void atMostFiveRedirectsAreFollowed() throws IOException {
    for (int i = 0; i < 5; i++) {
      server.next(ScriptedServer.reply(302, "", "Location", "/hop/" + i));
    }
    server.next(ScriptedServer.bytes(200, PNG));
    assertThat(read(LIMITS)).isEqualTo(PNG);

    server.always(ScriptedServer.reply(302, "", "Location", "/outputs/1.png"));
    assertThat(fetch(LIMITS)).isEqualTo(new Fetch.Rejected("more than 5 redirects"));
    assertThat(server.requests()).hasSize(6 + 6);
  }

  @Test
  void aRedirectSendsNoCredentialsAndNoCookies() throws IOException {
    server.next(
        ScriptedServer.reply(302, "", "Location", "/2.png", "Set-Cookie", "a=b; Path=/"),
        ScriptedServer.bytes(200, PNG));

    read(LIMITS);

    assertThat(server.requests().getLast().headers().keySet())
        .isSubsetOf("Host", "Connection", "Accept-encoding", "User-agent");
  }

  @ParameterizedTest
  @ValueSource(ints = {300, 301, 302, 303, 307, 308})
  void aRedirectWithoutAValidLocationIsRejected(int status) {
    server.next(
        ScriptedServer.status(status), ScriptedServer.reply(status, "", "Location", "http://:0/"));

    for (int i = 0; i < 2; i++) {
      assertThat(fetch(LIMITS)).isEqualTo(new Fetch.Rejected("redirect without a valid Location"));
    }
  }

  @Test
  void aRedirectToADataUrlIsRejected() {
    server.next(ScriptedServer.reply(302, "", "Location", "data:image/png;base64,iVBORw0KGgo="));

    assertThat(fetch(LIMITS)).isEqualTo(new Fetch.Rejected("redirect without a valid Location"));
  }

  @Test
  void aResponseAfterARedirectIsHandledLikeAnyOther() {
    server.next(
        ScriptedServer.reply(302, "", "Location", "/2.png"),
        ScriptedServer.status(404),
        ScriptedServer.reply(302, "", "Location", "/2.png"),
        ScriptedServer.status(503));

    assertThat(fetch(LIMITS)).isEqualTo(new Fetch.Gone());
    assertThat(fetch(LIMITS)).isEqualTo(new Fetch.Unavailable("HTTP 503"));
  }

  @Test
  void theTotalTimeoutCoversAllRedirects() {
    server.next(ScriptedServer.reply(302, "", "Location", "/2.png"), server.drip(PNG, 0));
    long start = System.nanoTime();

    assertThat(fetch(limits(Duration.ofSeconds(5), Duration.ofMillis(300))))
        .isInstanceOf(Fetch.Unavailable.class);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "https://evil.tld/secret.png?sig=s | host evil.tld not in SKYTELLS_OUTPUT_HOSTS",
        "http://cdn.skytells.ai/secret.png | host cdn.skytells.ai: only https on port 443 is"
            + " allowed, except for exact origins in SKYTELLS_OUTPUT_HOSTS",
        "https://u:secret@cdn.skytells.ai/a | the URL has user information",
        "ftp://cdn.skytells.ai/secret | not an http or https URL",
      })
  void aRejectionNamesTheHostAndTheSettingButNotTheUrl(String url, String reason) {
    try (var outputs = new SkytellsOutputs(OutputHosts.DEFAULT, LIMITS)) {
      assertThat(outputs.fetch(new Output(url))).isEqualTo(new Fetch.Rejected(reason));
    }
  }

  @Test
  void aRejectedRedirectNamesTheHostAndTheSetting() {
    server.next(ScriptedServer.reply(302, "", "Location", "https://evil.tld/secret.png"));

    assertThat(fetch(LIMITS))
        .isEqualTo(new Fetch.Rejected("redirected: host evil.tld not in SKYTELLS_OUTPUT_HOSTS"));
  }

  @Test
  void anImageMayBeAsLargeAsItsLimit() throws IOException {
    server.next(
        ScriptedServer.bytes(200, picture(10_000)), ScriptedServer.bytes(200, picture(10_001)));

    assertThat(read(LIMITS)).hasSize(10_000);
    assertThatThrownBy(() -> read(LIMITS)).isInstanceOf(Outputs.RejectedException.class);
  }

  @Test
  void aVideoMayBeLargerThanAnImage() throws IOException {
    server.next(ScriptedServer.bytes(200, video(20_000)), ScriptedServer.bytes(200, video(20_001)));

    assertThat(read(LIMITS)).hasSize(20_000);
    assertThatThrownBy(() -> read(LIMITS)).isInstanceOf(Outputs.RejectedException.class);
  }

  @Test
  void singleAndSkippedBytesCountTowardsTheLimit() throws IOException {
    server.next(
        ScriptedServer.bytes(200, picture(10_001)), ScriptedServer.bytes(200, picture(10_001)));

    try (var content = content(LIMITS)) {
      content.bytes().readNBytes(10_000);
      assertThatThrownBy(() -> content.bytes().read())
          .isInstanceOf(Outputs.RejectedException.class);
    }
    try (var content = content(LIMITS)) {
      assertThatThrownBy(() -> content.bytes().skipNBytes(10_001))
          .isInstanceOf(Outputs.RejectedException.class);
    }
  }

  @Test
  void aTruncatedDownloadFails() {
    server.next(ScriptedServer.truncated(200, PNG.length + 1, PNG));

    assertThatThrownBy(() -> read(LIMITS))
        .isInstanceOf(IOException.class)
        .isNotInstanceOf(Outputs.RejectedException.class);
  }

  @Test
  void aDownloadThatBreaksAtOnceIsUnavailable() {
    server.next(ScriptedServer.cut(), ScriptedServer.truncated(200, 100, new byte[10]));

    assertThat(fetch(LIMITS)).isInstanceOf(Fetch.Unavailable.class);
    assertThat(fetch(LIMITS)).isInstanceOf(Fetch.Unavailable.class);
  }

  @Test
  void aServerThatDoesNotRespondTimesOut() {
    server.next(server.hang());

    assertThat(fetch(limits(Duration.ofMillis(200), Duration.ofSeconds(10))))
        .isEqualTo(new Fetch.Unavailable("SocketTimeoutException"));
  }

  @Test
  void aStalledBodyTimesOut() {
    server.next(server.stall(9_000, PNG));

    assertThatThrownBy(() -> read(limits(Duration.ofMillis(200), Duration.ofSeconds(10))))
        .isInstanceOf(IOException.class);
  }

  @Test
  void aDrippingBodyTimesOut() throws Exception {
    server.next(server.drip(PNG, MediaType.HEAD_LENGTH));
    long start = System.nanoTime();

    assertThatThrownBy(() -> read(limits(Duration.ofSeconds(5), Duration.ofMillis(300))))
        .isInstanceOf(IOException.class);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
  }

  @Test
  void drippingFirstBytesTimeOut() {
    server.next(server.drip(PNG, 0));

    assertThat(fetch(limits(Duration.ofMillis(200), Duration.ofMinutes(1))))
        .isInstanceOf(Fetch.Unavailable.class);
  }

  @ParameterizedTest
  @EnumSource(MediaType.class)
  void theFirstBytesDetermineTheType(MediaType type) {
    server.next(ScriptedServer.bytes(200, head(type), "Content-Type", "text/html"));

    assertThat(content(LIMITS).type()).isEqualTo(type);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<html><body>Please sign in",
        "<!DOCTYPE html>",
        "\uFEFF <!-- a picture --> <html>",
        "<?xml version='1.0'?><Error><Code>AccessDenied</Code></Error>",
        "{\"error\": \"busy\"}",
        "[]",
        " ",
      })
  void anErrorPageIsRejectedRegardlessOfItsContentType(String body) {
    server.next(ScriptedServer.reply(200, body, "Content-Type", "image/png"));

    assertThat(fetch(LIMITS)).isEqualTo(new Fetch.Rejected("not a file: markup, JSON or empty"));
  }

  @ParameterizedTest
  @CsvSource({
    "<?xml version='1.0'?><svg><script/></svg>, SVG",
    "Bad Gateway, TEXT",
    "%PDF-1.7, PDF",
    "'PK\u0003\u0004', ZIP",
    "'\u0001\u0002\u0003', BINARY",
  })
  void anyOtherFileIsKeptRegardlessOfItsContentType(String body, MediaType type)
      throws IOException {
    server.next(ScriptedServer.reply(200, body, "Content-Type", "image/png"));

    try (var content = content(LIMITS)) {
      assertThat(content.type()).isEqualTo(type);
      assertThat(new String(content.bytes().readAllBytes(), StandardCharsets.UTF_8))
          .isEqualTo(body);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Content-MD5 | %MD5",
        "Digest | md5=%MD5",
        "Digest | sha-256=%SHA-256",
        "Digest | SHA-256=%SHA-256, unixsum=30637",
        "Content-Digest | sha-256=:%SHA-256:",
        "Repr-Digest | sha-512=:%SHA-512:",
        "Repr-Digest | crc32c=:AAAAAA==:, sha-256=:%SHA-256:",
        "x-goog-hash | crc32c=AAAAAA==,md5=%MD5",
      })
  void aChecksumMismatchFails(String header, String value) throws IOException {
    byte[] other = PNG.clone();
    other[PNG.length - 1] ^= 1;
    server.next(
        ScriptedServer.bytes(200, PNG, header, withChecksums(value, PNG)),
        ScriptedServer.bytes(200, PNG, header, withChecksums(value, other)));

    assertThat(read(LIMITS)).isEqualTo(PNG);
    assertThatThrownBy(() -> read(LIMITS))
        .isInstanceOf(IOException.class)
        .isNotInstanceOf(Outputs.RejectedException.class)
        .hasMessage("checksum mismatch");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Content-MD5 | none",
        "Content-MD5 | AAAA",
        "Digest | md5",
        "Digest | md5=",
        "Digest | adler32=03da0195",
        "Repr-Digest | sha-256=:",
        "Repr-Digest | sha-256=::",
        "x-goog-hash | crc32c=AAAAAA==",
        "ETag | \"00000000000000000000000000000000\"",
      })
  void anInvalidChecksumIsIgnored(String header, String value) throws IOException {
    server.next(ScriptedServer.bytes(200, PNG, header, value));

    assertThat(read(LIMITS)).isEqualTo(PNG);
  }

  @Test
  void aChecksumOfACompressedStoredFileIsIgnored() throws IOException {
    String hash = withChecksums("md5=%MD5", new byte[1]);
    server.next(
        ScriptedServer.bytes(
            200, PNG, "x-goog-hash", hash, "x-goog-stored-content-encoding", "gzip"));

    assertThat(read(LIMITS)).isEqualTo(PNG);
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "x-gzip", "GZIP", "identity, gzip", "gzip, identity", " gzip ,"})
  void gzipIsDecoded(String coding) throws IOException {
    server.next(ScriptedServer.bytes(200, gzip(PNG), "Content-Encoding", coding));

    assertThat(content(LIMITS).type()).isEqualTo(MediaType.PNG);
    server.next(ScriptedServer.bytes(200, gzip(PNG), "Content-Encoding", coding));
    assertThat(read(LIMITS)).isEqualTo(PNG);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void deflateIsDecodedWithAndWithoutZlibHeader(boolean bare) throws IOException {
    server.next(ScriptedServer.bytes(200, deflate(PNG, bare), "Content-Encoding", "deflate"));

    assertThat(read(LIMITS)).isEqualTo(PNG);
  }

  @Test
  void twoCodingsAreDecodedInReverseOrder() throws IOException {
    server.next(
        ScriptedServer.bytes(200, gzip(deflate(PNG, false)), "Content-Encoding", "deflate, gzip"));

    assertThat(read(LIMITS)).isEqualTo(PNG);
  }

  @Test
  void aGzipFileIsNotDecoded() throws IOException {
    byte[] file = gzip(PNG);
    server.next(ScriptedServer.bytes(200, file, "Content-Type", "application/gzip"));

    try (var content = content(LIMITS)) {
      assertThat(content.type()).isEqualTo(MediaType.GZIP);
      assertThat(content.bytes().readAllBytes()).isEqualTo(file);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "deflate", "gzip, gzip"})
  void aFileWithAWrongContentEncodingIsUnchanged(String coding) throws IOException {
    server.next(ScriptedServer.bytes(200, PNG, "Content-Encoding", coding));

    assertThat(read(LIMITS)).isEqualTo(PNG);
  }

  @ParameterizedTest
  @CsvSource({"br, br", "zstd, zstd", "'gzip, br', br", "'gzip, gzip, gzip', too many"})
  void anUnsupportedCodingIsUnavailable(String coding, String name) {
    server.next(ScriptedServer.bytes(200, PNG, "Content-Encoding", coding));

    assertThat(fetch(LIMITS))
        .isEqualTo(new Fetch.Unavailable("unsupported content encoding: " + name));
  }

  @Test
  void aGzipFileOfSeveralMembersIsDecodedInFull() throws IOException {
    byte[] first = Arrays.copyOf(PNG, 2_000);
    byte[] second = Arrays.copyOfRange(PNG, 2_000, PNG.length);
    byte[] members = concat(gzip(first), gzip(new byte[0]), gzip(second));
    server.next(ScriptedServer.bytes(200, members, "Content-Encoding", "gzip"));

    assertThat(read(LIMITS)).isEqualTo(PNG);
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "deflate"})
  void anEncodedFileTruncatedAnywhereFails(String coding) throws IOException {
    byte[] encoded = coding.equals("gzip") ? gzip(noise()) : deflate(noise(), false);
    for (int length = 1; length < encoded.length; length += length < 20 ? 1 : 777) {
      byte[] part = Arrays.copyOf(encoded, length);
      server.next(
          ScriptedServer.bytes(200, part, "Content-Encoding", coding),
          ScriptedServer.truncated(200, encoded.length, part, "Content-Encoding", coding));
      for (int i = 0; i < 2; i++) {
        assertIsBroken(length);
      }
    }
    byte[] all = encoded;
    for (int cut = 1; cut < 8; cut++) {
      server.next(
          ScriptedServer.bytes(
              200, Arrays.copyOf(all, all.length - cut), "Content-Encoding", coding));
      assertIsBroken(all.length - cut);
    }
  }

  @Test
  void aConnectionThatBreaksBetweenGzipMembersFails() throws IOException {
    byte[] first = gzip(PNG);
    server.next(
        ScriptedServer.truncated(200, first.length + 100, first, "Content-Encoding", "gzip"));

    assertThatThrownBy(() -> read(LIMITS)).isInstanceOf(IOException.class);
  }

  @Test
  void aCorruptGzipStreamFails() throws IOException {
    byte[] encoded = gzip(PNG);
    encoded[encoded.length - 6] ^= 1; // the checksum
    server.next(ScriptedServer.bytes(200, encoded, "Content-Encoding", "gzip"));

    assertThatThrownBy(() -> read(LIMITS))
        .isInstanceOf(IOException.class)
        .isNotInstanceOf(Outputs.RejectedException.class);
  }

  @Test
  void theSizeLimitAppliesToTheDecodedBytes() throws IOException {
    server.next(
        ScriptedServer.bytes(200, gzip(picture(10_000)), "Content-Encoding", "gzip"),
        ScriptedServer.bytes(200, gzip(picture(10_001)), "Content-Encoding", "gzip"));

    assertThat(read(LIMITS)).hasSize(10_000);
    assertThatThrownBy(() -> read(LIMITS)).isInstanceOf(Outputs.RejectedException.class);
  }

  @Test
  void aGzipBombIsRejectedAtTheLimit() throws IOException {
    server.next(ScriptedServer.bytes(200, bomb(100), "Content-Encoding", "gzip"));

    try (var content = content(LIMITS)) {
      assertThatThrownBy(() -> content.bytes().transferTo(OutputStream.nullOutputStream()))
          .isInstanceOf(Outputs.RejectedException.class);
    }
  }

  @Test
  void anEmptyEncodedFileIsUnavailable() throws IOException {
    server.next(ScriptedServer.bytes(200, gzip(new byte[0]), "Content-Encoding", "gzip"));

    assertThat(fetch(LIMITS)).isEqualTo(new Fetch.Unavailable("empty response"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"Content-MD5", "Repr-Digest", "x-goog-hash"})
  void checksumsOfEncodedFilesAreIgnored(String header) throws IOException {
    byte[] encoded = gzip(PNG);
    for (byte[] of : List.of(PNG, encoded)) {
      String value =
          switch (header) {
            case "Content-MD5" -> withChecksums("%MD5", of);
            case "Repr-Digest" -> withChecksums("sha-256=:%SHA-256:", of);
            default -> withChecksums("md5=%MD5", of);
          };
      server.next(ScriptedServer.bytes(200, encoded, "Content-Encoding", "gzip", header, value));

      assertThat(read(LIMITS)).isEqualTo(PNG);
    }
  }

  private void assertIsBroken(int length) {
    assertThatThrownBy(
            () -> {
              switch (fetch(LIMITS)) {
                case Fetch.Content content -> content.bytes().readAllBytes();
                case Fetch.Unavailable unavailable -> throw new IOException(unavailable.reason());
                case Fetch other -> throw new AssertionError(other);
              }
            })
        .as("%s bytes", length)
        .isInstanceOf(IOException.class)
        .isNotInstanceOf(Outputs.RejectedException.class);
  }

  @Test
  void aMissingLastChunkFails() throws IOException {
    String head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1388\r\n";
    try (var wire = new WireServer(head.getBytes(StandardCharsets.US_ASCII), PNG)) {
      Fetch fetch = fetch(wire.origin(), LIMITS);

      assertThatThrownBy(() -> ((Fetch.Content) fetch).bytes().readAllBytes())
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void aConnectionResetFails() throws IOException {
    byte[] head = "HTTP/1.1 200 OK\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    try (var wire = WireServer.resetting(head, PNG)) {
      assertThatThrownBy(
              () -> {
                switch (fetch(wire.origin(), LIMITS)) {
                  case Fetch.Content content -> content.bytes().readAllBytes();
                  case Fetch other -> throw new IOException(other.toString());
                }
              })
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void anUnreachableServerIsUnavailable() throws IOException {
    URI unreachable;
    try (var closed = new WireServer()) {
      unreachable = closed.origin();
    }

    assertThat(fetch(unreachable, LIMITS)).isEqualTo(new Fetch.Unavailable("ConnectException"));
  }

  @Test
  void anUnknownHostIsUnavailable() {
    SkytellsOutputs outputs =
        withSockets(
            new RefusingSockets(0),
            host -> {
              throw new UnknownHostException(host);
            });

    assertThat(outputs.fetch(new Output("https://cdn.skytells.ai/a.png")))
        .isEqualTo(new Fetch.Unavailable("UnknownHostException"));
  }

  @Test
  void noProxyIsUsed() throws IOException {
    server.next(ScriptedServer.bytes(200, PNG));
    try (var proxy = new ScriptedServer()) {
      var address = new InetSocketAddress(proxy.origin().getHost(), proxy.origin().getPort());
      OkHttpClient base =
          new OkHttpClient.Builder().proxySelector(ProxySelector.of(address)).build();
      OutputHosts hosts = OutputHosts.parse(server.origin().toString());

      assertThat(
              new SkytellsOutputs(hosts, LIMITS, base, Dns.SYSTEM)
                  .fetch(new Output(server.origin() + "/outputs/1.png")))
          .isInstanceOf(Fetch.Content.class);
      assertThat(proxy.requests()).isEmpty();
    }
  }

  private byte[] read(OutputLimits limits) throws IOException {
    try (var content = content(limits)) {
      return content.bytes().readAllBytes();
    }
  }

  private Fetch.Content content(OutputLimits limits) {
    Fetch fetch = fetch(limits);
    assertThat(fetch).isInstanceOf(Fetch.Content.class);
    return (Fetch.Content) fetch;
  }

  private Fetch fetch(OutputLimits limits) {
    return fetch(server.origin(), limits);
  }

  private static Fetch fetch(URI origin, OutputLimits limits) {
    return new SkytellsOutputs(OutputHosts.parse(origin.toString()), limits)
        .fetch(new Output(origin + "/outputs/1.png"));
  }

  private static String withChecksums(String text, byte[] of) {
    String result = text;
    for (String algorithm : List.of("MD5", "SHA-256", "SHA-512")) {
      result = result.replace("%" + algorithm, checksum(algorithm, of));
    }
    return result;
  }

  private static String checksum(String algorithm, byte[] of) {
    try {
      return Base64.getEncoder().encodeToString(MessageDigest.getInstance(algorithm).digest(of));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static SkytellsOutputs withSockets(RefusingSockets sockets, Dns dns) {
    OkHttpClient base = new OkHttpClient.Builder().socketFactory(sockets).build();
    return new SkytellsOutputs(OutputHosts.DEFAULT, LIMITS, base, dns);
  }

  private static OutputLimits limits(Duration idle, Duration total) {
    return new OutputLimits(10_000, 20_000, Duration.ofSeconds(5), idle, total);
  }

  private static byte[] head(MediaType type) {
    String head =
        switch (type) {
          case PNG -> "89504e470d0a1a0a";
          case JPEG -> "ffd8ffe0";
          case WEBP -> "524946463030303057454250";
          case GIF -> "474946383961";
          case AVIF -> "000000146674797061766966";
          case MP4 -> "000000146674797069736f6d";
          case WEBM -> "1a45dfa3933030304282847765626d";
          case MP3 -> "4944330400000000";
          case WAV -> "524946463030303057415645";
          case BMP -> "424d3600000000000000360000002800000000000000";
          case TIFF -> "49492a00";
          case HEIC -> "000000146674797068656963";
          case HEIF -> "00000014667479706d696631";
          case JXL -> "ff0a";
          case SVG -> "3c7376673e";
          case QUICKTIME -> "000000146674797071742020";
          case M4A -> "00000014667479704d344120";
          case FLAC -> "664c6143";
          case OGG -> "4f67675300";
          case OGV -> "4f6767530002807468656f7261";
          case GLB -> "676c544602000000";
          case ZIP -> "504b0304";
          case GZIP -> "1f8b08";
          case PDF -> "255044462d";
          case TEXT -> "74657874";
          case BINARY -> "00";
        };
    return HexFormat.of().parseHex(head);
  }

  private static byte[] picture(int size) {
    byte[] bytes = new byte[size];
    byte[] signature = {(byte) 0x89, 'P', 'N', 'G', 0x0D, 0x0A, 0x1A, 0x0A};
    System.arraycopy(signature, 0, bytes, 0, signature.length);
    return bytes;
  }

  private static byte[] video(int size) {
    byte[] bytes = new byte[size];
    byte[] signature = "....ftypisom".getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(signature, 0, bytes, 0, signature.length);
    return bytes;
  }

  /** Incompressible, so that its encoding has many blocks. */
  private static byte[] noise() {
    byte[] bytes = new byte[8_000];
    new Random(1).nextBytes(bytes);
    System.arraycopy(PNG, 0, bytes, 0, 8);
    return bytes;
  }

  private static byte[] gzip(byte[] bytes) throws IOException {
    var encoded = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(encoded)) {
      gzip.write(bytes);
    }
    return encoded.toByteArray();
  }

  private static byte[] bomb(int mebibytes) throws IOException {
    var encoded = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(encoded)) {
      gzip.write(PNG);
      for (int i = 0; i < mebibytes; i++) {
        gzip.write(new byte[1 << 20]);
      }
    }
    return encoded.toByteArray();
  }

  private static byte[] deflate(byte[] bytes, boolean bare) throws IOException {
    var encoded = new ByteArrayOutputStream();
    var deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, bare);
    try (var deflate = new DeflaterOutputStream(encoded, deflater)) {
      deflate.write(bytes);
    } finally {
      deflater.end();
    }
    return encoded.toByteArray();
  }

  private static byte[] concat(byte[]... parts) {
    var all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }
}
