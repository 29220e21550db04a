package dev.atelier.skytells.output;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.atelier.application.port.Outputs.Fetch;
import dev.atelier.domain.Output;
import dev.atelier.skytells.client.ScriptedServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import okhttp3.Dns;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tests that no hostile URL opens a connection and that every friendly one does. All sockets
 * connect to a trap, which counts them.
 */
class HostileUrlsTest {
  private static final InetAddress PUBLIC = InetAddress.ofLiteral("93.184.216.34");

  private final List<String> lookups = Collections.synchronizedList(new ArrayList<>());
  private final ScriptedServer server = new ScriptedServer();
  private final TrapSockets sockets = new TrapSockets(server.origin().getPort());

  HostileUrlsTest() throws IOException {}

  @AfterEach
  void close() throws IOException {
    sockets.close();
    server.close();
  }

  /**
   * A line of the files.
   *
   * @param addresses that its name resolves to; empty if it must not be resolved
   */
  record Url(String reason, List<InetAddress> addresses, String url) {
    static Url of(String line) {
      String[] parts = line.split(" \\| ?", 3);
      List<InetAddress> addresses =
          parts[1].equals("-")
              ? List.of()
              : Stream.of(parts[1].split(",", -1)).map(InetAddress::ofLiteral).toList();
      return new Url(parts[0], addresses, unescape(parts[2]));
    }

    /** Translates Java's escapes and {@code \\uXXXX}, which string escapes do not include. */
    private static String unescape(String text) {
      var result = new StringBuilder();
      int from = 0;
      for (int at = text.indexOf("\\u"); at >= 0; at = text.indexOf("\\u", from)) {
        result.append(text, from, at);
        result.append((char) Integer.parseInt(text, at + 2, at + 6, 16));
        from = at + 6;
      }
      return result.append(text.substring(from)).toString().translateEscapes();
    }
  }

  static List<Url> hostile() throws IOException {
    return read("hostile.txt");
  }

  static List<Url> friendly() throws IOException {
    return read("friendly.txt");
  }

  private static List<Url> read(String name) throws IOException {
    try (InputStream file =
        Objects.requireNonNull(HostileUrlsTest.class.getResourceAsStream("urls/" + name))) {
      return new String(file.readAllBytes(), UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#"))
          .map(Url::of)
          .toList();
    }
  }

  @Test
  void thereAreMoreThan150HostileUrls() throws IOException {
    assertThat(hostile()).hasSizeGreaterThan(150).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @MethodSource("hostile")
  void aHostileUrlOpensNoConnection(Url url) {
    assertThat(outputs(url).fetch(new Output(url.url()))).isInstanceOf(Fetch.Rejected.class);

    assertThat(sockets.targets()).isEmpty();
    assertThat(sockets.connections()).isZero();
    assertThat(lookups).hasSize(url.addresses().isEmpty() ? 0 : 1);
  }

  /** A relative URL stays on the server that redirects. */
  @ParameterizedTest
  @MethodSource("hostile")
  void aRedirectToAHostileUrlOpensNoConnection(Url url) throws IOException {
    String location = url.url().strip();
    server.next(
        isAscii(location)
            ? ScriptedServer.reply(302, "", "Location", location)
            : redirectToLoopback());

    Fetch fetch = outputs(url).fetch(new Output(server.origin() + "/a.png"));

    if (isPath(location)) {
      assertThat(fetch).isEqualTo(new Fetch.Unavailable("HTTP 501"));
      assertThat(server.requests()).hasSize(2);
    } else {
      assertThat(fetch).isInstanceOf(Fetch.Rejected.class);
      assertThat(server.requests()).hasSize(1);
      assertThat(lookups).hasSize(url.addresses().isEmpty() || !isAscii(location) ? 0 : 1);
    }
    assertThat(sockets.targets()).isEmpty();
    assertThat(sockets.connections()).isZero();
  }

  @ParameterizedTest
  @MethodSource("friendly")
  void aRedirectToAFriendlyUrlIsFollowed(Url url) throws IOException {
    String location = url.url().strip();
    if (isAscii(location)) {
      server.next(ScriptedServer.reply(302, "", "Location", location));

      assertThat(outputs(url).fetch(new Output(server.origin() + "/a.png")))
          .isInstanceOf(Fetch.Unavailable.class);

      assertThat(sockets.targets())
          .isNotEmpty()
          .allSatisfy(target -> assertThat(url.addresses()).contains(target.getAddress()))
          .allSatisfy(target -> assertThat(target.getPort()).isEqualTo(443));
    }
  }

  @ParameterizedTest
  @MethodSource("friendly")
  void aFriendlyUrlOpensAConnection(Url url) {
    // The trap does not speak TLS, so the request fails after connecting.
    assertThat(outputs(url).fetch(new Output(url.url()))).isInstanceOf(Fetch.Unavailable.class);

    assertThat(sockets.targets())
        .isNotEmpty()
        .allSatisfy(target -> assertThat(url.addresses()).contains(target.getAddress()))
        .allSatisfy(target -> assertThat(target.getPort()).isEqualTo(443));
    assertThat(sockets.connections()).isPositive();
  }

  /** Uses the real resolver and ordinary sockets. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://127.0.0.1:%d/a.png",
        "https://127.0.0.1:%d/a.png",
        "https://localhost:%d/a.png",
        "http://localhost:%d/a.png",
        "http://2130706433:%d/a.png",
        "http://0x7f.1:%d/a.png",
        "http://[::ffff:127.0.0.1]:%d/a.png",
        "http://0.0.0.0:%d/a.png",
        "https://cdn.skytells.ai@127.0.0.1:%d/a.png",
        "http://cdn.skytells.ai@localhost:%d/a.png",
      })
  void noUrlReachesAPortOfThisMachine(String url) {
    try (var outputs = new SkytellsOutputs(OutputHosts.DEFAULT, OutputLimits.DEFAULT)) {
      assertThat(outputs.fetch(new Output(url.formatted(sockets.port()))))
          .isInstanceOf(Fetch.Rejected.class);
    }
    assertThat(sockets.connections()).isZero();
  }

  @Test
  void dnsRebindingNeverConnectsToAPrivateAddress() {
    var answers =
        Stream.of("93.184.216.34", "127.0.0.1", "169.254.169.254", "::1")
            .map(InetAddress::ofLiteral)
            .iterator();
    SkytellsOutputs outputs = outputs(_ -> List.of(answers.next()));

    while (answers.hasNext()) {
      assertThat(outputs.fetch(new Output("https://cdn.skytells.ai/a.png")))
          .isNotInstanceOf(Fetch.Content.class);
    }

    assertThat(sockets.targets()).containsOnly(new InetSocketAddress(PUBLIC, 443));
  }

  private SkytellsOutputs outputs(Url url) {
    return outputs(_ -> url.addresses().isEmpty() ? List.of(PUBLIC) : url.addresses());
  }

  private SkytellsOutputs outputs(Dns dns) {
    OkHttpClient base = new OkHttpClient.Builder().socketFactory(sockets).build();
    OutputHosts hosts = OutputHosts.parse(".skytells.ai,.skytells.cloud," + server.origin());
    return new SkytellsOutputs(hosts, OutputLimits.DEFAULT, base, host -> lookUp(dns, host));
  }

  /** Does not count the lookup of the test's own server. */
  private List<InetAddress> lookUp(Dns dns, String host) throws UnknownHostException {
    if (host.equals(server.origin().getHost())) {
      return List.of(InetAddress.ofLiteral(host));
    }
    lookups.add(host);
    return dns.lookup(host);
  }

  private static boolean isAscii(String text) {
    return text.chars().allMatch(c -> c >= ' ' && c < 0x7F);
  }

  private static boolean isPath(String location) {
    return !location.matches("(?s)([A-Za-z][A-Za-z0-9+.-]*:|[/\\\\]{2}).*");
  }

  private static ScriptedServer.Reply redirectToLoopback() {
    return ScriptedServer.reply(302, "", "Location", "https://127.0.0.1/a.png");
  }
}
