package dev.atelier.persistence.postgres;

import dev.atelier.application.port.Secret;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Address and credentials of a database. {@code toString} contains only the address.
 *
 * @param address {@code host:port/database}; several comma-separated hosts are tried in order
 * @param parameters of the JDBC driver, {@code name=value}, percent-encoded
 */
public record PostgresUrl(
    String address, Optional<String> user, Optional<Secret> password, List<String> parameters) {
  private static final Pattern SHAPE =
      Pattern.compile(
          "(?:jdbc:postgresql|postgresql|postgres)://"
              + "(?:(?<user>[^:@/?#]+)(?::(?<password>[^@/?#]*))?@)?"
              + "(?<address>(?<hosts>[^@/?#]+)/[^@/?#]+)"
              + "(?:\\?(?<parameters>[^#]*))?");
  private static final Pattern HOST =
      Pattern.compile("(?:[A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+])(?::(?<port>[0-9]{1,5}))?");

  public PostgresUrl {
    parameters = List.copyOf(parameters);
  }

  /**
   * Reads {@code postgresql://user:password@host:port/database?parameters}, also with {@code
   * postgres:} or {@code jdbc:postgresql:}. User and password are percent-encoded; both may also be
   * parameters, as in JDBC.
   *
   * @throws IllegalArgumentException if the URL is invalid, without quoting it
   */
  public static PostgresUrl parse(String text) {
    Matcher url = SHAPE.matcher(text);
    if (!url.matches() || !areHosts(url.group("hosts"))) {
      throw unreadable();
    }
    Optional<String> user = Optional.ofNullable(url.group("user")).map(PostgresUrl::decode);
    Optional<String> password = Optional.ofNullable(url.group("password")).map(PostgresUrl::decode);
    List<String> parameters = new ArrayList<>();
    for (String parameter :
        Optional.ofNullable(url.group("parameters")).orElse("").split("&", -1)) {
      if (parameter.startsWith("user=")) {
        user = user.or(() -> Optional.of(decode(valueOf(parameter))));
      } else if (parameter.startsWith("password=")) {
        password = password.or(() -> Optional.of(decode(valueOf(parameter))));
      } else if (!parameter.isEmpty()) {
        parameters.add(parameter);
      }
    }
    return new PostgresUrl(url.group("address"), user, password.map(Secret::new), parameters);
  }

  private static boolean areHosts(String hosts) {
    for (String host : hosts.split(",", -1)) {
      Matcher parts = HOST.matcher(host);
      if (!parts.matches()) {
        return false;
      }
      int port = Optional.ofNullable(parts.group("port")).map(Integer::parseInt).orElse(5432);
      if (port < 1 || port > 65_535) {
        return false;
      }
    }
    return true;
  }

  private static String valueOf(String parameter) {
    return parameter.substring(parameter.indexOf('=') + 1);
  }

  private static String decode(String text) {
    try {
      return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      // The original message quotes the text, which may be a password.
      throw unreadable();
    }
  }

  private static IllegalArgumentException unreadable() {
    return new IllegalArgumentException(
        "must look like postgresql://user:password@host:5432/database, with special characters of"
            + " user and password percent-encoded");
  }

  /** Without user and password. */
  String jdbcUrl() {
    return "jdbc:postgresql://"
        + address
        + (parameters.isEmpty() ? "" : "?" + String.join("&", parameters));
  }

  @Override
  public String toString() {
    return "postgresql://" + address;
  }
}
