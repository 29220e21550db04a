package dev.atelier.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.event.KeyValuePair;

class CloudLogEncoderTest {
  private final CloudLogEncoder encoder = new CloudLogEncoder();

  @Test
  void anEventIsOneJsonObjectWithTheFieldsOfCloudLogging() throws IOException {
    encoder.setProject("my-project");
    LoggingEvent event = event(Level.INFO, "a \"line\"\nof two", null);
    event.setMDCPropertyMap(
        Map.of("requestId", "r-1", "traceId", "4bf92f", "spanId", "000000000000004a"));
    event.addKeyValuePair(new KeyValuePair("httpRequest", Map.of("status", 200)));

    JsonNode json = json(event);

    assertThat(json.get("severity").textValue()).isEqualTo("INFO");
    assertThat(json.get("time").textValue()).isEqualTo("2026-11-20T10:00:00.123Z");
    assertThat(json.get("message").textValue()).isEqualTo("a \"line\"\nof two");
    assertThat(json.get("logger").textValue()).isEqualTo("dev.atelier.Test");
    assertThat(json.get("requestId").textValue()).isEqualTo("r-1");
    assertThat(json.get("logging.googleapis.com/trace").textValue())
        .isEqualTo("projects/my-project/traces/4bf92f");
    assertThat(json.get("logging.googleapis.com/spanId").textValue()).isEqualTo("000000000000004a");
    assertThat(json.get("httpRequest").get("status").intValue()).isEqualTo(200);
    assertThat(json.has("stack_trace")).isFalse();
  }

  @Test
  void absentFieldsAreOmitted() throws IOException {
    LoggingEvent event = event(Level.INFO, "stopping", null);
    event.setMDCPropertyMap(Map.of());

    assertThat(json(event).propertyStream().map(Map.Entry::getKey))
        .containsExactly("severity", "time", "message", "logger");
  }

  @Test
  void aTraceWithoutAProjectIsOnlyItsId() throws IOException {
    LoggingEvent event = event(Level.INFO, "stopping", null);
    event.setMDCPropertyMap(Map.of("traceId", "4bf92f", "spanId", "000000000000004a"));

    assertThat(json(event).get("logging.googleapis.com/trace").textValue()).isEqualTo("4bf92f");
  }

  @Test
  void anExceptionIsInTheStackTraceField() throws IOException {
    var thrown = new IllegalStateException("broken", new IOException("deeper"));
    LoggingEvent event = event(Level.ERROR, "unexpected", thrown);
    event.setMDCPropertyMap(Map.of());

    assertThat(json(event).get("stack_trace").textValue())
        .startsWith("java.lang.IllegalStateException: broken")
        .contains("\tat dev.atelier.bootstrap.CloudLogEncoderTest")
        .contains("Caused by: java.io.IOException: deeper");
  }

  @ParameterizedTest
  @CsvSource({"ERROR, ERROR", "WARN, WARNING", "INFO, INFO", "DEBUG, DEBUG", "TRACE, DEBUG"})
  void levelsMapToSeverities(String level, String severity) throws IOException {
    LoggingEvent event = event(Level.toLevel(level), "x", null);
    event.setMDCPropertyMap(Map.of());

    assertThat(json(event).get("severity").textValue()).isEqualTo(severity);
  }

  @ParameterizedTest
  @CsvSource({
    "'', '', text",
    "'', atelier, json",
    "text, atelier, text",
    "json, '', json",
    "xml, '', text",
    "xml, atelier, json"
  })
  void theFormatIsTheConfiguredOneOrTheDefaultOfThePlatform(
      String set, String service, String format) {
    assertThat(LogFormat.of(Map.of("LOG_FORMAT", set, "K_SERVICE", service))).isEqualTo(format);
  }

  private static LoggingEvent event(Level level, String message, @Nullable Throwable thrown) {
    var context = new LoggerContext();
    var event =
        new LoggingEvent(
            "", context.getLogger("dev.atelier.Test"), level, message, thrown, new Object[0]);
    event.setInstant(Instant.parse("2026-11-20T10:00:00.123Z"));
    return event;
  }

  private JsonNode json(LoggingEvent event) throws IOException {
    String line = new String(encoder.encode(event), StandardCharsets.UTF_8);
    assertThat(line).endsWith("\n");
    assertThat(line.strip()).doesNotContain("\n");
    return new ObjectMapper().readTree(line);
  }
}
