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
 * Downloads outputs from allowed hosts and public addresses only, so that a forged URL cannot reach
 * our network (SSRF). A name is resolved once per connection (DNS rebinding). Each redirect passes
 * the same checks, so OkHttp does not follow them.
 */
public final class SkytellsOutputs implements Outputs, AutoCloseable {
  private static final int HTTPS_PORT = 443;
  private static final int MAX_REDIRECTS = 5;
  private static final String SETTING = "SKYTELLS_OUTPUT_HOSTS";

  private final OutputHosts hosts;
  private final OutputLimits limits;
  private final OkHttpClient unrestricted;
  private final OkHttpClient publicOnly;

  public SkytellsOutputs(OutputHosts hosts, OutputLimits limits) {
    this(hosts, limits, new OkHttpClient(), Dns.SYSTEM);
  }

  SkytellsOutputs(OutputHosts hosts, OutputLimits limits, OkHttpClient base, Dns dns) {
    this.hosts = hosts;
    this.limits = limits;
    this.unrestricted =
        base.newBuilder()
            .dns(dns)
            .proxy(Proxy.NO_PROXY)
            .followRedirects(false)
            .followSslRedirects(false)
            .connectTimeout(limits.connect())
            .readTimeout(limits.idle())
            .callTimeout(limits.total())
            .build();
    this.publicOnly =
        unrestricted.newBuilder().dns(host -> requirePublic(dns.lookup(host))).build();
  }

  @Override
  public Fetch fetch(Output output) {
    if (DataUrl.isDataUrl(output.url())) {
      return decode(output.url());
    }
    HttpUrl url = HttpUrl.parse(output.url());
    return url == null ? new Fetch.Rejected("not an http or https URL") : follow(url);
  }

  private sealed interface Hop {
    record Done(Fetch fetch) implements Hop {}

    record Redirected(HttpUrl url) implements Hop {}
  }

  private Fetch follow(HttpUrl first) {
    long deadline = System.nanoTime() + limits.total().toNanos();
    HttpUrl url = first;
    for (int redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
      switch (checkAndRequest(url, deadline)) {
        case Hop.Done(Fetch fetch) -> {
          return fetch instanceof Fetch.Rejected(String reason) && redirects > 0
              ? new Fetch.Rejected("redirected: " + reason)
              : fetch;
        }
        case Hop.Redirected(HttpUrl next) -> url = next;
      }
    }
    return new Fetch.Rejected("more than " + MAX_REDIRECTS + " redirects");
  }

  private Hop checkAndRequest(HttpUrl url, long deadline) {
    if (!url.encodedUsername().isEmpty() || !url.encodedPassword().isEmpty()) {
      return rejected("the URL has user information");
    }
    if (hosts.trusts(url)) {
      return request(unrestricted, url, deadline);
    }
    if (!url.isHttps() || url.port() != HTTPS_PORT) {
      return rejected(
          "host %s: only https on port 443 is allowed, except for exact origins in %s"
              .formatted(url.host(), SETTING));
    }
    if (!hosts.allows(url.host())) {
      return rejected("host %s not in %s".formatted(url.host(), SETTING));
    }
    return request(publicOnly, url, deadline);
  }

  private static Hop rejected(String reason) {
    return new Hop.Done(new Fetch.Rejected(reason));
  }

  private static Hop unavailable(String reason) {
    return new Hop.Done(new Fetch.Unavailable(reason));
  }

  /** Images are compressed already, and checksums cover the file. */
  private static Request buildRequest(HttpUrl url) {
    return new Request.Builder().url(url).header("Accept-Encoding", "identity").build();
  }

  private Hop request(OkHttpClient client, HttpUrl url, long deadline) {
    long remaining = deadline - System.nanoTime();
    if (remaining <= 0) {
      return unavailable("redirects timed out");
    }
    Call call = client.newCall(buildRequest(url));
    call.timeout().timeout(remaining, TimeUnit.NANOSECONDS);
    try {
      // Closed with the result.
      Response response = call.execute();
      return switch (response.code()) {
        case 200 -> new Hop.Done(content(response));
        case 403, 404, 410 -> closed(response, new Hop.Done(new Fetch.Gone()));
        case 300, 301, 302, 303, 307, 308 -> closed(response, redirect(url, response));
        default -> closed(response, unavailable("HTTP " + response.code()));
      };
    } catch (ForbiddenAddressException e) {
      return rejected(
          "host %s: not a public address; only exact origins in %s may have one"
              .formatted(url.host(), SETTING));
    } catch (IOException e) {
      return unavailable(e.getClass().getSimpleName());
    }
  }

  private static Hop redirect(HttpUrl from, Response response) {
    String location = response.header("Location");
    HttpUrl to = location == null ? null : from.resolve(location);
    return to == null ? rejected("redirect without a valid Location") : new Hop.Redirected(to);
  }

  /** The size limit depends on the type, which the first bytes show. */
  private Fetch content(Response response) throws IOException {
    List<String> codings = ContentCoding.of(response);
    Optional<String> unsupported = ContentCoding.unsupported(codings);
    if (unsupported.isPresent()) {
      return closed(
          response, new Fetch.Unavailable("unsupported content encoding: " + unsupported.get()));
    }
    BufferedSource body = response.body().source();
    try {
      body.timeout().deadline(limits.idle().toMillis(), TimeUnit.MILLISECONDS);
      InputStream bytes = ContentCoding.decode(codings, body);
      byte[] head = bytes.readNBytes(MediaType.HEAD_LENGTH);
      body.timeout().clearDeadline();
      if (head.length == 0) {
        return closed(response, new Fetch.Unavailable("empty response"));
      }
      // With a coding, the checksum may cover the encoded bytes or the file; gzip and zlib have
      // one.
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
      return new Fetch.Rejected("not a file: markup, JSON or empty");
    }
    long maxBytes = type.get().isImage() ? limits.imageBytes() : limits.otherBytes();
    var whole = new SequenceInputStream(new ByteArrayInputStream(head), rest);
    return new Fetch.Content(type.get(), new OutputBody(whole, maxBytes, checksum));
  }

  private Fetch decode(String url) {
    Optional<DataUrl> data = DataUrl.parse(url);
    if (data.isEmpty()) {
      return new Fetch.Rejected("invalid data URL");
    }
    InputStream bytes = data.get().open();
    try {
      return content(bytes.readNBytes(MediaType.HEAD_LENGTH), bytes, Optional.empty());
    } catch (IOException e) { // parse() has read it already
      return new Fetch.Unavailable(e.getClass().getSimpleName());
    }
  }

  private static <T> T closed(Response response, T result) {
    response.close();
    return result;
  }

  private static List<InetAddress> requirePublic(List<InetAddress> addresses)
      throws ForbiddenAddressException {
    if (!addresses.stream().allMatch(PublicAddresses::isPublic)) {
      throw new ForbiddenAddressException();
    }
    return addresses;
  }

  @Override
  public void close() {
    unrestricted.connectionPool().evictAll();
  }

  /** Thrown in the DNS lookup, so that OkHttp does not connect. */
  private static final class ForbiddenAddressException extends UnknownHostException {
    private static final long serialVersionUID = 1L;
  }
}
