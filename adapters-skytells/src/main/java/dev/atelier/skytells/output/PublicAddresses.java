package dev.atelier.skytells.output;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Recognizes public addresses by IANA's special-purpose registries. IPv6 addresses that embed IPv4
 * are not public.
 */
public final class PublicAddresses {
  private static final List<Network> SPECIAL_IPV4 =
      networks(
          "0.0.0.0/8",
          "10.0.0.0/8",
          "100.64.0.0/10",
          "127.0.0.0/8",
          "169.254.0.0/16",
          "172.16.0.0/12",
          "192.0.0.0/24",
          "192.0.2.0/24",
          "192.88.99.0/24",
          "192.168.0.0/16",
          "198.18.0.0/15",
          "198.51.100.0/24",
          "203.0.113.0/24",
          "224.0.0.0/4",
          "240.0.0.0/4",
          // Azure serves its metadata on a public address.
          "168.63.129.16/32");

  private static final Network GLOBAL_UNICAST = Network.of("2000::/3");

  private static final List<Network> SPECIAL_IPV6 =
      networks("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20");

  private static final Pattern NUMERIC = Pattern.compile("\\[.*|[0-9.]+|0x.*");

  private static final List<String> PRIVATE_SUFFIXES =
      List.of(".", ".localhost", ".local", ".internal", ".lan", ".home.arpa");

  private PublicAddresses() {}

  /**
   * Whether a URL's host may be reachable from the internet. Names are not resolved.
   *
   * @param host in brackets if it is an IPv6 address, as in {@link java.net.URI#getHost}
   */
  public static boolean isPublic(String host) {
    String name = host.toLowerCase(Locale.ROOT);
    if (NUMERIC.matcher(name).matches()) {
      try {
        return isPublic(InetAddress.ofLiteral(name));
      } catch (IllegalArgumentException e) {
        return false;
      }
    }
    return name.contains(".") && PRIVATE_SUFFIXES.stream().noneMatch(name::endsWith);
  }

  public static boolean isPublic(InetAddress address) {
    if (address instanceof Inet4Address) {
      return SPECIAL_IPV4.stream().noneMatch(network -> network.contains(address));
    }
    return GLOBAL_UNICAST.contains(address)
        && SPECIAL_IPV6.stream().noneMatch(network -> network.contains(address));
  }

  private static List<Network> networks(String... networks) {
    return Stream.of(networks).map(Network::of).toList();
  }

  private record Network(InetAddress prefix, int bits) {
    static Network of(String cidr) {
      String[] parts = cidr.split("/", 2);
      return new Network(InetAddress.ofLiteral(parts[0]), Integer.parseInt(parts[1]));
    }

    boolean contains(InetAddress address) {
      byte[] expected = prefix.getAddress();
      byte[] actual = address.getAddress();
      if (expected.length != actual.length) {
        return false;
      }
      for (int bit = 0; bit < bits; bit++) {
        int mask = 0x80 >> (bit % 8);
        if (((expected[bit / 8] ^ actual[bit / 8]) & mask) != 0) {
          return false;
        }
      }
      return true;
    }
  }
}
