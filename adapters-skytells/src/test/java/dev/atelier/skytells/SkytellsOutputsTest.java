package dev.atelier.skytells;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atelier.application.port.Outputs;
import dev.atelier.application.port.Outputs.Fetch;
import dev.atelier.domain.Output;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import okhttp3.Dns;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
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
    server.next(server.drip(PNG));
    long begun = System.nanoTime();

    assertThatThrownBy(() -> read(limits(Duration.ofSeconds(5), Duration.ofMillis(300))))
        .isInstanceOf(IOException.class);
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(5));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a text instead of an address",
        "data:image/png;base64,AAAA",
        "file:///etc/passwd",
        "ftp://cdn.skytells.ai/a.png",
        "//cdn.skytells.ai/a.png",
        "http://cdn.skytells.ai/a.png",
        "https://cdn.skytells.ai:8443/a.png",
        "https://user@cdn.skytells.ai/a.png",
        "https://user:password@cdn.skytells.ai/a.png",
        "https://cdn.skytells.ai@evil.example/a.png",
        "https://cdn.skytells.ai.evil.example/a.png",
        "https://skytells.evil.example/a.png",
        "https://evil.example/cdn.skytells.ai",
        "https://evil.example#.skytells.ai",
        "https://evil.example\\.skytells.ai/a.png",
        "https://evil.example%2f.skytells.ai/a.png",
        "https://127.0.0.1/a.png",
        "https://2130706433/a.png",
        "https://0x7f.1/a.png",
        "https://[::1]/a.png",
        "https://[::ffff:169.254.169.254]/a.png",
        "https://localhost/a.png",
        "https://metadata.google.internal/a.png",
      })
  void aForbiddenAddressIsRejectedWithoutAConnection(String url) {
    var sockets = new RefusingSockets(Integer.MAX_VALUE);

    assertThat(guarded(sockets, "1.1.1.1").fetch(new Output(url)))
        .isInstanceOf(Fetch.Rejected.class);
    assertThat(sockets.targets()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"127.0.0.1", "10.0.0.1", "169.254.169.254", "100.64.0.1", "::1", "fd00:ec2::254"})
  void aHostAtAnAddressThatIsNotPublicIsRejectedWithoutAConnection(String address) {
    var sockets = new RefusingSockets(Integer.MAX_VALUE);

    assertThat(guarded(sockets, address).fetch(new Output("https://cdn.skytells.ai/a.png")))
        .isEqualTo(new Fetch.Rejected("a host whose address is not public"));
    assertThat(guarded(sockets, "1.1.1.1", address).fetch(new Output("https://cdn.skytells.ai/a")))
        .isInstanceOf(Fetch.Rejected.class);
    assertThat(sockets.targets()).isEmpty();
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
    return new SkytellsOutputs(OutputHosts.parse(server.origin().toString()), limits)
        .fetch(new Output(server.origin() + "/outputs/1.png"));
  }

  private static SkytellsOutputs guarded(RefusingSockets sockets, String... addresses) {
    return guarded(sockets, _ -> Arrays.stream(addresses).map(InetAddress::ofLiteral).toList());
  }

  private static SkytellsOutputs guarded(RefusingSockets sockets, Dns dns) {
    OkHttpClient base = new OkHttpClient.Builder().socketFactory(sockets).build();
    return new SkytellsOutputs(OutputHosts.DEFAULT, LIMITS, base, dns);
  }

  private static OutputLimits limits(Duration idle, Duration total) {
    return new OutputLimits(10_000, 20_000, Duration.ofSeconds(5), idle, total);
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
