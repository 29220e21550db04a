package dev.atelier.http.header;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads {@code wait} of the {@code Prefer} header (RFC 7240). */
public final class PreferHeader {
  /** Longer waits are reduced to this. */
  public static final int MAX_WAIT_SECONDS = 60;

  private static final Pattern WAIT =
      Pattern.compile("(?i)\\s*wait\\s*=\\s*(?:(\\d{1,9})|\"(\\d{1,9})\")\\s*(?:;.*)?");

  private PreferHeader() {}

  /** Returns the first valid {@code wait}. Ignores invalid preferences, as the RFC requires. */
  public static Optional<Duration> waitAtMost(List<String> headers) {
    return headers.stream()
        .flatMap(header -> preferences(header).stream())
        .map(WAIT::matcher)
        .filter(Matcher::matches)
        .map(wait -> Integer.parseInt(wait.group(1) != null ? wait.group(1) : wait.group(2)))
        .filter(seconds -> seconds >= 1)
        .findFirst()
        .map(seconds -> Duration.ofSeconds(Math.min(seconds, MAX_WAIT_SECONDS)));
  }

  /** Splits at commas outside of quotes. */
  private static List<String> preferences(String header) {
    var preferences = new ArrayList<String>();
    boolean quoted = false;
    int start = 0;
    for (int i = 0; i < header.length(); i++) {
      char c = header.charAt(i);
      if (c == '"') {
        quoted = !quoted;
      } else if (c == ',' && !quoted) {
        preferences.add(header.substring(start, i));
        start = i + 1;
      }
    }
    preferences.add(header.substring(start));
    return preferences;
  }
}
