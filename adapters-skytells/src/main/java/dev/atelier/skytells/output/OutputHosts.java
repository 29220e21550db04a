package dev.atelier.skytells.output;

import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import okhttp3.HttpUrl;

/** The hosts that outputs may be downloaded from. */
public final class OutputHosts {
  /** The last label starts with a letter, so that no IP address matches. */
  private static final Pattern HOST =
      Pattern.compile("\\.?([a-z0-9]([a-z0-9-]*[a-z0-9])?\\.)+[a-z]([a-z0-9-]*[a-z0-9])?");

  /** Stricter than URL parsers and resolvers. */
  private static final Pattern NAME = Pattern.compile("[a-z0-9_-]+(\\.[a-z0-9_-]+)*");

  public static final OutputHosts DEFAULT = parse(".skytells.ai,.skytells.cloud");

  private final Set<String> hosts;
  private final Set<HttpUrl> origins;

  private OutputHosts(Set<String> hosts, Set<HttpUrl> origins) {
    this.hosts = Set.copyOf(hosts);
    this.origins = Set.copyOf(origins);
  }

  /**
   * Parses a comma-separated list of hosts, domains with a leading dot, and origins, which are
   * exempt from the rules on https and public addresses.
   *
   * @throws IllegalArgumentException with examples, if an entry is invalid
   */
  public static OutputHosts parse(String list) {
    var hosts = new LinkedHashSet<String>();
    var origins = new LinkedHashSet<HttpUrl>();
    for (String raw : list.split(",", -1)) {
      String entry = raw.strip();
      if (entry.contains("://")) {
        origins.add(origin(entry));
      } else {
        hosts.add(host(entry));
      }
    }
    return new OutputHosts(hosts, origins);
  }

  boolean trusts(HttpUrl url) {
    return origins.stream()
        .anyMatch(
            origin ->
                origin.scheme().equals(url.scheme())
                    && origin.host().equals(url.host())
                    && origin.port() == url.port());
  }

  boolean allows(String host) {
    return NAME.matcher(host).matches()
        && hosts.stream()
            .anyMatch(
                entry ->
                    entry.startsWith(".")
                        ? host.endsWith(entry) || host.equals(entry.substring(1))
                        : host.equals(entry));
  }

  private static String host(String entry) {
    String host = entry.toLowerCase(Locale.ROOT);
    if (!HOST.matcher(host).matches()) {
      throw invalid();
    }
    return host;
  }

  private static HttpUrl origin(String entry) {
    HttpUrl url = HttpUrl.parse(entry);
    if (url == null
        || !url.encodedPath().equals("/")
        || url.encodedQuery() != null
        || url.encodedFragment() != null
        || !url.encodedUsername().isEmpty()
        || !url.encodedPassword().isEmpty()) {
      throw invalid();
    }
    return url;
  }

  private static IllegalArgumentException invalid() {
    return new IllegalArgumentException(
        "an entry must look like .skytells.ai (the domain and its subdomains), cdn.example.com (that"
            + " host only) or http://127.0.0.1:9100 (that origin only)");
  }
}
