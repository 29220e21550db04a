package dev.atelier.bootstrap;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.encoder.EncoderBase;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.KeyValuePair;

/**
 * Encodes each log event as one line of JSON for Google Cloud Logging and Error Reporting
 * (cloud.google.com/logging/docs/structured-logging).
 */
public final class CloudLogEncoder extends EncoderBase<ILoggingEvent> {
  private static final byte[] EMPTY = {};

  private final JsonMapper mapper = new JsonMapper();
  private String project = "";

  /** Sets the project of the traces; may be empty. */
  public void setProject(String project) {
    this.project = project.strip();
  }

  @Override
  public byte[] headerBytes() {
    return EMPTY;
  }

  @Override
  public byte[] encode(ILoggingEvent event) {
    ObjectNode json =
        mapper
            .createObjectNode()
            .put("severity", severity(event.getLevel()))
            .put("time", Instant.ofEpochMilli(event.getTimeStamp()).toString())
            .put("message", event.getFormattedMessage())
            .put("logger", event.getLoggerName());
    addContext(json, event.getMDCPropertyMap());
    @Nullable List<KeyValuePair> pairs = event.getKeyValuePairs();
    if (pairs != null) {
      pairs.forEach(pair -> json.set(pair.key, mapper.valueToTree(pair.value)));
    }
    @Nullable IThrowableProxy thrown = event.getThrowableProxy();
    if (thrown != null) {
      json.put("stack_trace", ThrowableProxyUtil.asString(thrown));
    }
    return (json + "\n").getBytes(StandardCharsets.UTF_8);
  }

  private void addContext(ObjectNode json, Map<String, String> context) {
    String trace = context.getOrDefault("traceId", "");
    if (!trace.isEmpty()) {
      json.put(
          "logging.googleapis.com/trace",
          project.isEmpty() ? trace : "projects/" + project + "/traces/" + trace);
      json.put("logging.googleapis.com/spanId", context.getOrDefault("spanId", ""));
    }
    String request = context.getOrDefault("requestId", "");
    if (!request.isEmpty()) {
      json.put("requestId", request);
    }
  }

  private static String severity(Level level) {
    return switch (level.toInt()) {
      case Level.ERROR_INT -> "ERROR";
      case Level.WARN_INT -> "WARNING";
      case Level.INFO_INT -> "INFO";
      default -> "DEBUG";
    };
  }

  @Override
  public byte[] footerBytes() {
    return EMPTY;
  }
}
