package dev.atelier.http;

import dev.atelier.application.port.ByteRange;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Which part of so many bytes a {@code Range} header asks for, by RFC 9110 §14. */
sealed interface RangeHeader {
  /** One range. Nine hundred petabytes are enough; more digits are no number of bytes. */
  Pattern SINGLE = Pattern.compile("\\s*bytes\\s*=\\s*([0-9]{0,18})\\s*-\\s*([0-9]{0,18})\\s*");

  /** No part, or more than one, or something that is no range: then everything is sent. */
  record Whole() implements RangeHeader {}

  /** One part, all of which is there. */
  record Part(ByteRange range) implements RangeHeader {}

  /** A part of which nothing is there. */
  record Unsatisfiable() implements RangeHeader {}

  /**
   * Reads the header.
   *
   * @param value null when there is none
   * @param size of what it is a part of, in bytes; at least one
   */
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
    long there = Math.min(length, size);
    return there == 0 ? new Unsatisfiable() : new Part(new ByteRange(size - there, there));
  }
}
