package dev.atelier.skytells.output;

import dev.atelier.application.port.Outputs;
import dev.atelier.domain.MediaType;
import dev.atelier.domain.Output;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.net.InetAddress;
import java.net.Proxy;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import okhttp3.Call;
import okhttp3.Dns;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okio.BufferedSource;

/**
 * Fetches outputs from Skytells' delivery hosts, and from nowhere else: an address that a provider,
 * or whoever speaks in its name, sends must not reach our own network. A name is resolved once per
 * connection, and the address that was checked is the one that is connected to. Redirects are
 * followed here and not by the HTTP client, so that each of them passes the same checks. An output
 * may also be a {@code data:} URL, which is decoded under the same limits.
 */
public final class SkytellsOutputs implements Outputs, AutoCloseable {
  private static final int HTTPS_PORT = 443;
  private static final int MAX_REDIRECTS = 5;
  private static final String SETTING = "SKYTELLS_OUTPUT_HOSTS";

  private final OutputHosts hosts;
  private final OutputLimits limits;
  private final OkHttpClient trusting;
  private final OkHttpClient guarded;

  /** Opens no connection yet. */
  public SkytellsOutputs(OutputHosts hosts, OutputLimits limits) {
    this(hosts, limits, new OkHttpClient(), Dns.SYSTEM);
  }

  SkytellsOutputs(OutputHosts hosts, OutputLimits limits, OkHttpClient base, Dns dns) {
    this.hosts = hosts;
    this.limits = limits;
    this.trusting =
        base.newBuilder()
            .dns(dns)
            .proxy(Proxy.NO_PROXY)
            .followRedirects(false)
            .followSslRedirects(false)
            .connectTimeout(limits.connect())
            .readTimeout(limits.idle())
            .callTimeout(limits.total())
            .build();
    this.guarded = trusting.newBuilder().dns(host -> onlyPublic(dns.lookup(host))).build();
  }

  @Override
  public Fetch fetch(Output output) {
    if (DataUrl.isOne(output.url())) {
      return decode(output.url());
    }
    HttpUrl url = HttpUrl.parse(output.url());
    return url == null ? new Fetch.Rejected("not an http or https URL") : follow(url);
  }

  /** What one address leads to. */
  private sealed interface Hop {
    /** The end of the way. */
    record Ended(Fetch fetch) implements Hop {}

    /** Another address. */
    record Moved(HttpUrl url) implements Hop {}
  }

  private Fetch follow(HttpUrl first) {
    long deadline = System.nanoTime() + limits.total().toNanos();
    HttpUrl url = first;
    for (int redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
      switch (visit(url, deadline)) {
        case Hop.Ended(Fetch fetch) -> {
          return fetch instanceof Fetch.Rejected(String reason) && redirects > 0
              ? new Fetch.Rejected("redirected: " + reason)
              : fetch;
        }
        case Hop.Moved(HttpUrl next) -> url = next;
      }
    }
    return new Fetch.Rejected("more than " + MAX_REDIRECTS + " redirects");
  }

  /** Applies every rule to one address, and asks it if it is allowed. */
  private Hop visit(HttpUrl url, long deadline) {
    if (!url.encodedUsername().isEmpty() || !url.encodedPassword().isEmpty()) {
      return rejected("a URL with user information");
    }
    if (hosts.trusts(url)) {
      return ask(trusting, url, deadline);
    }
    if (!url.isHttps() || url.port() != HTTPS_PORT) {
      return rejected(
          "host %s not asked by https on port 443; only an exact origin in %s allows that"
              .formatted(url.host(), SETTING));
    }
    if (!hosts.allows(url.host())) {
      return rejected("host %s not in %s".formatted(url.host(), SETTING));
    }
    return ask(guarded, url, deadline);
  }

  private static Hop rejected(String reason) {
    return new Hop.Ended(new Fetch.Rejected(reason));
  }

  private static Hop unavailable(String reason) {
    return new Hop.Ended(new Fetch.Unavailable(reason));
  }

  /** Asks for the identity: pictures are compressed already, and checksums are of the file. */
  private static Request request(HttpUrl url) {
    return new Request.Builder().url(url).header("Accept-Encoding", "identity").build();
  }

  private Hop ask(OkHttpClient client, HttpUrl url, long deadline) {
    long left = deadline - System.nanoTime();
    if (left <= 0) {
      return unavailable("redirects took too long");
    }
    Call call = client.newCall(request(url));
    call.timeout().timeout(left, TimeUnit.NANOSECONDS);
    try {
      // Closed with what is returned.
      Response response = call.execute();
      return switch (response.code()) {
        case 200 -> new Hop.Ended(content(response));
        case 403, 404, 410 -> closed(response, new Hop.Ended(new Fetch.Gone()));
        case 300, 301, 302, 303, 307, 308 -> closed(response, redirect(url, response));
        default -> closed(response, unavailable("HTTP " + response.code()));
      };
    } catch (ForbiddenAddressException e) {
      return rejected(
          "host %s has an address that is not public; only an exact origin in %s allows that"
              .formatted(url.host(), SETTING));
    } catch (IOException e) {
      return unavailable(e.getClass().getSimpleName());
    }
  }

  private static Hop redirect(HttpUrl from, Response response) {
    String location = response.header("Location");
    HttpUrl to = location == null ? null : from.resolve(location);
    return to == null ? rejected("a redirect without a usable URL") : new Hop.Moved(to);
  }

  /**
   * The first bytes are not given longer than any other: a server that sends them one by one would
   * otherwise be waited for before the type, and with it the limit, is known.
   */
  private Fetch content(Response response) throws IOException {
    List<String> codings = ContentCoding.of(response);
    Optional<String> unsupported = ContentCoding.unsupported(codings);
    if (unsupported.isPresent()) {
      return closed(response, new Fetch.Unavailable("content encoding " + unsupported.get()));
    }
    BufferedSource body = response.body().source();
    try {
      body.timeout().deadline(limits.idle().toMillis(), TimeUnit.MILLISECONDS);
      InputStream bytes = ContentCoding.decode(codings, body);
      byte[] head = bytes.readNBytes(MediaType.HEAD_LENGTH);
      body.timeout().clearDeadline();
      if (head.length == 0) {
        return closed(response, new Fetch.Unavailable("an empty reply"));
      }
      // The header's checksum may be of the encoded bytes or of the file; the codings have their
      // own.
      Optional<Checksum> checksum = codings.isEmpty() ? Checksum.in(response) : Optional.empty();
      Fetch content = content(head, bytes, checksum);
      return content instanceof Fetch.Content ? content : closed(response, content);
    } catch (IOException e) {
      response.close();
      throw e;
    }
  }

  private Fetch content(byte[] head, InputStream rest, Optional<Checksum> checksum) {
    Optional<MediaType> type = MediaType.detect(head);
    if (type.isEmpty()) {
      return new Fetch.Rejected("markup, JSON or nothing, not a file");
    }
    long most = type.get().isImage() ? limits.imageBytes() : limits.otherBytes();
    var whole = new SequenceInputStream(new ByteArrayInputStream(head), rest);
    return new Fetch.Content(type.get(), new OutputBody(whole, most, checksum));
  }

  private Fetch decode(String url) {
    Optional<DataUrl> data = DataUrl.parse(url);
    if (data.isEmpty()) {
      return new Fetch.Rejected("a data URL that cannot be decoded");
    }
    InputStream bytes = data.get().open();
    try {
      return content(bytes.readNBytes(MediaType.HEAD_LENGTH), bytes, Optional.empty());
    } catch (IOException e) { // it was readable a moment ago
      return new Fetch.Unavailable(e.getClass().getSimpleName());
    }
  }

  private static <T> T closed(Response response, T result) {
    response.close();
    return result;
  }

  private static List<InetAddress> onlyPublic(List<InetAddress> addresses)
      throws ForbiddenAddressException {
    if (!addresses.stream().allMatch(PublicAddresses::isPublic)) {
      throw new ForbiddenAddressException();
    }
    return addresses;
  }

  /** Closes what connections are idle. */
  @Override
  public void close() {
    trusting.connectionPool().evictAll();
  }

  /** Thrown where OkHttp asks for the addresses of a host, so that it connects to none of them. */
  private static final class ForbiddenAddressException extends UnknownHostException {
    private static final long serialVersionUID = 1L;
  }
}
