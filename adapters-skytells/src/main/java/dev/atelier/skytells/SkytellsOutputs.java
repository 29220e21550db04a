package dev.atelier.skytells;

import dev.atelier.application.port.Outputs;
import dev.atelier.domain.MediaType;
import dev.atelier.domain.Output;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Proxy;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import okhttp3.Dns;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okio.BufferedSource;

/**
 * Fetches outputs from Skytells' delivery hosts, and from nowhere else: an address that a provider,
 * or whoever speaks in its name, sends must not reach our own network. A name is resolved once per
 * connection, and what was checked is what is connected to.
 */
public final class SkytellsOutputs implements Outputs, AutoCloseable {
  private static final int HTTPS_PORT = 443;

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
    HttpUrl url = HttpUrl.parse(output.url());
    if (url == null) {
      return new Fetch.Rejected("not an address of http or https");
    }
    if (!url.encodedUsername().isEmpty() || !url.encodedPassword().isEmpty()) {
      return new Fetch.Rejected("an address with a user");
    }
    if (hosts.trusts(url)) {
      return fetch(trusting, url);
    }
    if (!url.isHttps() || url.port() != HTTPS_PORT) {
      return new Fetch.Rejected("not https on port 443");
    }
    if (!hosts.allows(url.host())) {
      return new Fetch.Rejected("a host that is not on the list");
    }
    return fetch(guarded, url);
  }

  /**
   * As it is: what is already compressed gains nothing, and its length and checksum are of that.
   */
  private static Request request(HttpUrl url) {
    return new Request.Builder().url(url).header("Accept-Encoding", "identity").build();
  }

  private Fetch fetch(OkHttpClient client, HttpUrl url) {
    try {
      // What is given back closes it.
      Response response = client.newCall(request(url)).execute();
      return switch (response.code()) {
        case 200 -> content(response);
        case 404, 410 -> closed(response, new Fetch.Gone());
        case 300, 301, 302, 303, 307, 308 -> closed(response, new Fetch.Rejected("a redirect"));
        default -> closed(response, new Fetch.Unavailable("HTTP " + response.code()));
      };
    } catch (ForbiddenAddressException e) {
      return new Fetch.Rejected("a host whose address is not public");
    } catch (IOException e) {
      return new Fetch.Unavailable(e.getClass().getSimpleName());
    }
  }

  /**
   * The first bytes are not given longer than any other: who sends them one by one would otherwise
   * be waited for before anybody counts.
   */
  private Fetch content(Response response) throws IOException {
    BufferedSource body = response.body().source();
    try {
      body.timeout().deadline(limits.idle().toMillis(), TimeUnit.MILLISECONDS);
      body.request(MediaType.HEAD_LENGTH);
      body.timeout().clearDeadline();
      byte[] head =
          body.peek().readByteArray(Math.min(MediaType.HEAD_LENGTH, body.getBuffer().size()));
      if (head.length == 0) {
        return closed(response, new Fetch.Unavailable("an empty reply"));
      }
      Optional<MediaType> type = MediaType.detect(head);
      if (type.isEmpty()) {
        return closed(response, new Fetch.Rejected("not of a type that is kept"));
      }
      var bytes = new OutputBody(body.inputStream(), most(type.get()), Checksum.in(response));
      return new Fetch.Content(type.get(), bytes);
    } catch (IOException e) {
      response.close();
      throw e;
    }
  }

  private long most(MediaType type) {
    return switch (type) {
      case PNG, JPEG, WEBP, GIF, AVIF -> limits.imageBytes();
      case MP4, WEBM, MP3, WAV -> limits.otherBytes();
    };
  }

  private static Fetch closed(Response response, Fetch fetch) {
    response.close();
    return fetch;
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
