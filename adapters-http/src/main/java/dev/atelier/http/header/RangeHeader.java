package dev.atelier.http.header;

import dev.atelier.application.port.ByteRange;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A {@code Range} header (RFC 9110 §14), resolved for content of a known size. */
public sealed interface RangeHeader {
  /** At most 18 digits, which fit into a long. */
  Pattern SINGLE = Pattern.compile("\\s*bytes\\s*=\\s*([0-9]{0,18})\\s*-\\s*([0-9]{0,18})\\s*");

  /** No range, several, or an invalid one. */
  record Whole() implements RangeHeader {}

  record Part(ByteRange range) implements RangeHeader {}

  record Unsatisfiable() implements RangeHeader {}

  static RangeHeader parse(@Nullable String value, long size) {
    return Optional.ofNullable(value)
        .map(SINGLE::matcher)
        .filter(Matcher::matches)
        .map(range -> of(range.group(1), range.group(2), size))
        .orElseGet(Whole::new);
  }

  private static RangeHeader of(String first, String last, long size) {
    if (first.isEmpty()) {
      return last.isEmpty() ? new Whole() : suffix(Long.parseLong(last), size);
    }
    long from = Long.parseLong(first);
    long to = last.isEmpty() ? Long.MAX_VALUE : Long.parseLong(last);
    if (to < from) {
      return new Whole();
    }
    return from < size
        ? new Part(new ByteRange(from, Math.min(to, size - 1) - from + 1))
        : new Unsatisfiable();
  }

  private static RangeHeader suffix(long length, long size) {
    long available = Math.min(length, size);
    return available == 0
        ? new Unsatisfiable()
        : new Part(new ByteRange(size - available, available));
  }
}
