package dev.atelier.skytells;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atelier.application.port.Outputs;
import dev.atelier.application.port.Outputs.Fetch;
import dev.atelier.domain.MediaType;
import dev.atelier.domain.Output;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import okhttp3.Dns;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.AfterEach;
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

  private final ScriptedServer server = new ScriptedServer();

  SkytellsOutputsTest() throws IOException {}

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void theBytesComeAsTheyAre() throws IOException {
    server.next(ScriptedServer.bytes(200, PNG));

    assertThat(read(LIMITS)).isEqualTo(PNG);
  }

  @Test
  void theRequestCarriesNothingOfOurs() throws IOException {
    server.next(ScriptedServer.bytes(200, PNG));

    read(LIMITS);

    assertThat(server.requests().getFirst().headers().keySet())
        .isSubsetOf("Host", "Connection", "Accept-encoding", "User-agent");
  }

  @ParameterizedTest
  @ValueSource(ints = {404, 410})
  void whatIsNotThereIsGone(int status) {
    server.next(ScriptedServer.status(status));

    assertThat(fetch(LIMITS)).isEqualTo(new Fetch.Gone());
  }

  @ParameterizedTest
  @ValueSource(ints = {202, 206, 400, 401, 403, 429, 500, 502, 503})
  void anyOtherAnswerIsWorthAnotherTry(int status) {
    server.next(ScriptedServer.reply(status, "x"));

    assertThat(fetch(LIMITS)).isEqualTo(new Fetch.Unavailable("HTTP " + status));
  }

  @Test
  void anEmptyReplyIsWorthAnotherTry() {
    server.next(ScriptedServer.status(200));

    assertThat(fetch(LIMITS)).isEqualTo(new Fetch.Unavailable("an empty reply"));
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 303, 307, 308})
  void aRedirectIsNotFollowed(int status) {
    server.next(ScriptedServer.reply(status, "", "Location", server.origin() + "/elsewhere"));

    assertThat(fetch(LIMITS)).isEqualTo(new Fetch.Rejected("a redirect"));
    assertThat(server.requests()).hasSize(1);
  }

  @Test
  void aPictureMayBeAsLargeAsItsCapAndNoLarger() throws IOException {
    server.next(
        ScriptedServer.bytes(200, picture(10_000)), ScriptedServer.bytes(200, picture(10_001)));

    assertThat(read(LIMITS)).hasSize(10_000);
    assertThatThrownBy(() -> read(LIMITS)).isInstanceOf(Outputs.RejectedException.class);
  }

  @Test
  void aVideoMayBeLargerThanAPicture() throws IOException {
    server.next(ScriptedServer.bytes(200, video(20_000)), ScriptedServer.bytes(200, video(20_001)));

    assertThat(read(LIMITS)).hasSize(20_000);
    assertThatThrownBy(() -> read(LIMITS)).isInstanceOf(Outputs.RejectedException.class);
  }

  @Test
  void singleBytesAndSkippedOnesCountToo() throws IOException {
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
  void whatBreaksOffIsNotTakenForTheWhole() {
    server.next(ScriptedServer.truncated(200, PNG.length + 1, PNG));

    assertThatThrownBy(() -> read(LIMITS))
        .isInstanceOf(IOException.class)
        .isNotInstanceOf(Outputs.RejectedException.class);
  }

  @Test
  void whatBreaksOffAtOnceIsWorthAnotherTry() {
    server.next(ScriptedServer.cut(), ScriptedServer.truncated(200, 100, new byte[10]));

    assertThat(fetch(LIMITS)).isInstanceOf(Fetch.Unavailable.class);
    assertThat(fetch(LIMITS)).isInstanceOf(Fetch.Unavailable.class);
  }

  @Test
  void aServerThatSaysNothingIsNotWaitedForTooLong() {
    server.next(server.hang());

    assertThat(fetch(limits(Duration.ofMillis(200), Duration.ofSeconds(10))))
        .isEqualTo(new Fetch.Unavailable("SocketTimeoutException"));
  }

  @Test
  void aBodyThatStallsIsNotWaitedForTooLong() {
    server.next(server.stall(9_000, PNG));

    assertThatThrownBy(() -> read(limits(Duration.ofMillis(200), Duration.ofSeconds(10))))
        .isInstanceOf(IOException.class);
  }

  @Test
  void aBodyThatDripsIsNotWaitedForTooLong() throws Exception {
    server.next(server.drip(PNG, MediaType.HEAD_LENGTH));
    long begun = System.nanoTime();

    assertThatThrownBy(() -> read(limits(Duration.ofSeconds(5), Duration.ofMillis(300))))
        .isInstanceOf(IOException.class);
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(5));
  }

  @Test
  void firstBytesThatDripAreNotWaitedForTooLong() {
    server.next(server.drip(PNG, 0));

    assertThat(fetch(limits(Duration.ofMillis(200), Duration.ofMinutes(1))))
        .isInstanceOf(Fetch.Unavailable.class);
  }

  @ParameterizedTest
  @EnumSource(MediaType.class)
  void theFirstBytesTellTheTypeWhateverHeaderAndNameSay(MediaType type) {
    server.next(ScriptedServer.bytes(200, head(type), "Content-Type", "text/html"));

    assertThat(content(LIMITS).type()).isEqualTo(type);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<html><body>Please sign in",
        "<!DOCTYPE html>",
        "<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>",
        "<?xml version='1.0'?><svg/>",
        "{\"error\": \"busy\"}",
        "Bad Gateway",
        "x",
        "%PDF-1.7",
        "PK\u0003\u0004",
      })
  void whatIsOfNoTypeThatIsKeptIsRejectedWhateverItsHeaderSays(String body) {
    server.next(ScriptedServer.reply(200, body, "Content-Type", "image/png"));

    assertThat(fetch(LIMITS)).isEqualTo(new Fetch.Rejected("not of a type that is kept"));
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
  void theBytesAreThoseThatTheirChecksumIsOf(String header, String value) throws IOException {
    byte[] other = PNG.clone();
    other[PNG.length - 1] ^= 1;
    server.next(
        ScriptedServer.bytes(200, PNG, header, withChecksums(value, PNG)),
        ScriptedServer.bytes(200, PNG, header, withChecksums(value, other)));

    assertThat(read(LIMITS)).isEqualTo(PNG);
    assertThatThrownBy(() -> read(LIMITS))
        .isInstanceOf(IOException.class)
        .isNotInstanceOf(Outputs.RejectedException.class)
        .hasMessage("other bytes than the checksum is of");
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
  void aChecksumThatSaysNothingIsNone(String header, String value) throws IOException {
    server.next(ScriptedServer.bytes(200, PNG, header, value));

    assertThat(read(LIMITS)).isEqualTo(PNG);
  }

  @Test
  void aChecksumOfWhatIsStoredCompressedIsNone() throws IOException {
    String hash = withChecksums("md5=%MD5", new byte[1]);
    server.next(
        ScriptedServer.bytes(
            200, PNG, "x-goog-hash", hash, "x-goog-stored-content-encoding", "gzip"));

    assertThat(read(LIMITS)).isEqualTo(PNG);
  }

  @Test
  void chunksThatEndWithoutTheLastOneAreNotTakenForTheWhole() throws IOException {
    String head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1388\r\n";
    try (var wire = new WireServer(head.getBytes(StandardCharsets.US_ASCII), PNG)) {
      Fetch fetch = fetch(wire.origin(), LIMITS);

      assertThatThrownBy(() -> ((Fetch.Content) fetch).bytes().readAllBytes())
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void aConnectionThatIsResetIsNotTakenForAnEnd() throws IOException {
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
  void aServerThatCannotBeReachedIsWorthAnotherTry() throws IOException {
    URI nobody;
    try (var closed = new WireServer()) {
      nobody = closed.origin();
    }

    assertThat(fetch(nobody, LIMITS)).isEqualTo(new Fetch.Unavailable("ConnectException"));
  }

  @Test
  void whatWasCheckedIsWhatIsConnectedTo() {
    var sockets = new RefusingSockets(Integer.MAX_VALUE);
    var answers = Stream.of("1.1.1.1", "127.0.0.1").map(InetAddress::ofLiteral).iterator();
    SkytellsOutputs outputs = guarded(sockets, _ -> List.of(answers.next()));

    assertThat(outputs.fetch(new Output("https://cdn.skytells.ai/a.png")))
        .isEqualTo(new Fetch.Unavailable("ConnectException"));

    assertThat(sockets.targets())
        .containsOnly(new InetSocketAddress(InetAddress.ofLiteral("1.1.1.1"), 443));
  }

  @Test
  void aNameThatIsNotFoundIsWorthAnotherTry() {
    SkytellsOutputs outputs =
        guarded(
            new RefusingSockets(0),
            host -> {
              throw new UnknownHostException(host);
            });

    assertThat(outputs.fetch(new Output("https://cdn.skytells.ai/a.png")))
        .isEqualTo(new Fetch.Unavailable("UnknownHostException"));
  }

  @Test
  void noProxyIsAsked() throws IOException {
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

  private static SkytellsOutputs guarded(RefusingSockets sockets, Dns dns) {
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
}
