package dev.atelier.application.port;

import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which trace a request belongs to, as W3C Trace Context has it: taken from who called us, and
 * passed on to whom we call on their behalf, in the same thread.
 *
 * @param traceId 32 lower-case hexadecimal digits, not all of them 0
 * @param spanId 16 of them: the one step of the trace that is meant
 * @param sampled whether the caller may have recorded it
 */
public record TraceContext(String traceId, String spanId, boolean sampled) {
  /** What is done within {@code ScopedValue.where(CURRENT, …)} is done on behalf of this trace. */
  public static final ScopedValue<TraceContext> CURRENT = ScopedValue.newInstance();

  /** A later version may have more behind; of version 00 there is no more. */
  private static final Pattern TRACEPARENT =
      Pattern.compile(
          "(?!ff)(?!00.{54})[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})"
              + "-([0-9a-f]{2})(-.*)?");

  /** Reads a {@code traceparent} header; empty when it is none, which the standard has ignored. */
  public static Optional<TraceContext> parse(String traceparent) {
    Matcher parts = TRACEPARENT.matcher(traceparent);
    return parts.matches()
        ? Optional.of(
            new TraceContext(
                parts.group(1), parts.group(2), (HexFormat.fromHexDigits(parts.group(3)) & 1) == 1))
        : Optional.empty();
  }

  /** The trace on whose behalf this thread works now. */
  public static Optional<TraceContext> current() {
    return CURRENT.isBound() ? Optional.of(CURRENT.get()) : Optional.empty();
  }

  /**
   * A step of our own in the same trace.
   *
   * @param id names it; 0 names none, and counts as 1
   */
  public TraceContext step(long id) {
    return new TraceContext(traceId, HexFormat.of().toHexDigits(id == 0 ? 1 : id), sampled);
  }

  /** The header's value. */
  public String traceparent() {
    return "00-" + traceId + '-' + spanId + (sampled ? "-01" : "-00");
  }
}
