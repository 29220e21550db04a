package dev.atelier.application.port;

import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The trace of a request (W3C Trace Context): received from the caller and passed to the services
 * called in the same thread.
 *
 * @param traceId 32 lower-case hexadecimal digits, not all 0
 * @param spanId 16 lower-case hexadecimal digits, not all 0
 * @param sampled whether the caller may have recorded the trace
 */
public record TraceContext(String traceId, String spanId, boolean sampled) {
  public static final ScopedValue<TraceContext> CURRENT = ScopedValue.newInstance();

  /** Version 00 has exactly these fields; later versions may append more. */
  private static final Pattern TRACEPARENT =
      Pattern.compile(
          "(?!ff)(?!00.{54})[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})"
              + "-([0-9a-f]{2})(-.*)?");

  /**
   * Parses a {@code traceparent} header; empty if it is malformed, which the standard says to
   * ignore.
   */
  public static Optional<TraceContext> parse(String traceparent) {
    Matcher parts = TRACEPARENT.matcher(traceparent);
    return parts.matches()
        ? Optional.of(
            new TraceContext(
                parts.group(1), parts.group(2), (HexFormat.fromHexDigits(parts.group(3)) & 1) == 1))
        : Optional.empty();
  }

  public static Optional<TraceContext> current() {
    return CURRENT.isBound() ? Optional.of(CURRENT.get()) : Optional.empty();
  }

  /**
   * Returns a child span in the same trace.
   *
   * @param id the span id; 0 is invalid and becomes 1
   */
  public TraceContext step(long id) {
    return new TraceContext(traceId, HexFormat.of().toHexDigits(id == 0 ? 1 : id), sampled);
  }

  /** The value of a {@code traceparent} header. */
  public String traceparent() {
    return "00-" + traceId + '-' + spanId + (sampled ? "-01" : "-00");
  }
}
