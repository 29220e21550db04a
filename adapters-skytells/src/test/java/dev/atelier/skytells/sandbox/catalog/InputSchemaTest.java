package dev.atelier.skytells.sandbox.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atelier.skytells.sandbox.http.RefusedException;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class InputSchemaTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
  private final ListAppender<ILoggingEvent> events = new ListAppender<>();

  @BeforeEach
  void capture() {
    events.start();
    root.addAppender(events);
  }

  @AfterEach
  void release() {
    root.detachAppender(events);
  }

  @Test
  void everySchemaOfTheCatalogIsUsedWithoutAWarning() throws Exception {
    for (JsonNode description : Models.load().list(Set.of("input_schema"))) {
      InputSchema schema = new InputSchema(description.path("input_schema"));
      ObjectNode unknown = JSON.createObjectNode().put("no_such_parameter", 1);

      assertThatExceptionOfType(RefusedException.class).isThrownBy(() -> schema.check(unknown));
    }

    assertThat(events.list).isEmpty();
  }

  @Test
  void aSchemaThatCannotBeUsedIsReportedOnce() throws Exception {
    var schema = new InputSchema(JSON.readTree("{\"type\": 7}"));

    for (int i = 0; i < 3; i++) {
      assertThatCode(() -> schema.check(JSON.createObjectNode())).doesNotThrowAnyException();
    }

    assertThat(events.list).hasSize(1);
  }

  @Test
  void urlsAreFoundInTheOrderOfTheSchema() throws Exception {
    String schema =
        """
        {"properties": {
          "mask": {"type": "string", "format": "uri"},
          "prompt": {"type": "string"},
          "images": {"type": "array", "items": {"type": "string", "format": "uri"}}}}
        """;
    String input =
        """
        {"images": ["http://a/1", 7, "http://a/2"], "prompt": "http://a/3", "mask": "http://a/4"}
        """;

    var parameters =
        new Parameters((ObjectNode) JSON.readTree(input), new InputSchema(JSON.readTree(schema)));

    assertThat(parameters.urls())
        .containsExactly(
            new Parameters.InputUrl("mask", "http://a/4"),
            new Parameters.InputUrl("images", "http://a/1"),
            new Parameters.InputUrl("images", "http://a/2"));
  }
}
