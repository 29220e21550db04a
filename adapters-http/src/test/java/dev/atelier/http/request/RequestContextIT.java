package dev.atelier.http.request;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import dev.atelier.application.generate.CreateGeneration;
import dev.atelier.application.health.CheckReadinessService;
import dev.atelier.application.port.FakeWebhooks;
import dev.atelier.application.port.TraceContext;
import dev.atelier.domain.GenerationId;
import dev.atelier.http.TestServer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;
import org.slf4j.event.KeyValuePair;

class RequestContextIT {
  private final Logger logger = (Logger) LoggerFactory.getLogger("dev.atelier");
  private final Lines lines = new Lines();
  private TestServer studio;

  @BeforeEach
  void start() {
    studio = TestServer.start();
    lines.start();
    logger.addAppender(lines);
    logger.setAdditive(false);
    logger.setLevel(Level.INFO);
  }

  @AfterEach
  void close() {
    logger.setLevel(null);
    logger.setAdditive(true);
    logger.detachAppender(lines);
    studio.close();
  }

  @Test
  void aRequestWithoutAnIdGetsOne() {
    assertThat(studio.get("/health/live").header("X-Request-Id")).contains("request-1");
    assertThat(studio.get("/nothing").header("X-Request-Id")).contains("request-2");
    assertThat(studio.raw("GET\r\n\r\n").header("X-Request-Id")).contains("request-3");
  }

  @Test
  void aValidRequestIdIsKept() {
    String id = "01JD.a_b-c";

    assertThat(studio.get("/health/live", "X-Request-Id", id).header("X-Request-Id")).contains(id);
    assertThat(studio.get("/nothing", "X-Request-Id", id).header("X-Request-Id")).contains(id);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a b", "<script>", "a\"b", "ü"})
  void anInvalidRequestIdIsReplaced(String id) {
    assertThat(
            studio
                .raw(
                    "GET /health/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX-Request-Id: "
                        + id
                        + "\r\n\r\n")
                .header("X-Request-Id"))
        .contains("request-1");
    assertThat(studio.get("/nothing", "X-Request-Id", "x".repeat(129)).header("X-Request-Id"))
        .contains("request-2");
  }

  @Test
  void eachRequestIsLoggedOnceWithoutItsQuery() throws InterruptedException {
    studio.get("/nothing?secret=1", "X-Request-Id", "mine");

    ILoggingEvent line = lines.next();
    assertThat(line.getFormattedMessage()).matches("GET /nothing -> 404 in \\d+ ms");
    assertThat(line.getMDCPropertyMap()).containsEntry("requestId", "mine");
    assertThat(line.getLoggerName()).isEqualTo("dev.atelier.http.server.AccessLog");
  }

  @Test
  void theAccessLogHasTheFieldsOfCloudLogging() throws InterruptedException {
    studio.get("/nothing?secret=1", "User-Agent", "curl");

    KeyValuePair pair = lines.next().getKeyValuePairs().getFirst();
    assertThat(pair.key).isEqualTo("httpRequest");
    assertThat(pair.value)
        .asInstanceOf(InstanceOfAssertFactories.map(String.class, Object.class))
        .containsEntry("requestMethod", "GET")
        .containsEntry("requestUrl", "/nothing")
        .containsEntry("status", 404)
        .containsEntry("userAgent", "curl")
        .containsEntry("remoteIp", "127.0.0.1")
        .containsEntry("protocol", "HTTP/1.1")
        .hasEntrySatisfying("latency", time -> assertThat((String) time).matches("\\d+\\.\\d+s"))
        .hasEntrySatisfying("responseSize", size -> assertThat((String) size).matches("\\d{3}"));
  }

  @Test
  void healthProbesAreNotLogged() throws InterruptedException {
    studio.get("/health/live");
    studio.get("/health/ready");
    studio.get("/last");

    assertThat(lines.next().getFormattedMessage()).contains("/last");
  }

  @Test
  void anOutageIsLoggedWithoutStackTraceAndReadinessOnlyWhenItChanges()
      throws InterruptedException {
    studio.generations.breakDown(true);
    studio.get("/api/predictions/0198c0de-0000-7000-8000-00000000abcd");
    studio.get("/health/ready");
    studio.clock.advance(CheckReadinessService.RESULT_MAX_AGE);
    studio.get("/health/ready");
    studio.generations.breakDown(false);
    studio.clock.advance(CheckReadinessService.RESULT_MAX_AGE);
    studio.get("/health/ready");
    studio.get("/last");

    List<ILoggingEvent> logged = new ArrayList<>();
    do {
      logged.add(lines.next());
    } while (!logged.getLast().getFormattedMessage().contains("/last"));
    assertThat(logged).allMatch(line -> line.getThrowableProxy() == null);
    assertThat(logged.getFirst().getFormattedMessage()).startsWith("unavailable: ");
    assertThat(logged)
        .extracting(ILoggingEvent::getFormattedMessage)
        .filteredOn(line -> line.startsWith("database "))
        .hasSize(2)
        .last()
        .isEqualTo("database is ready again");
  }

  @Test
  void theTraceIsLoggedAndContinuedWithANewSpan() throws InterruptedException {
    var traces = new LinkedBlockingQueue<Optional<TraceContext>>();
    UnaryOperator<CreateGeneration> recording =
        createGeneration ->
            command -> {
              traces.add(TraceContext.current());
              return createGeneration.create(command);
            };
    try (var server = TestServer.start(CreateGeneration.class, recording)) {
      server.generate(
          TestServer.BODY,
          "traceparent",
          "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
      assertThat(traces.take())
          .contains(new TraceContext("4bf92f3577b34da6a3ce929d0e0e4736", "000000000000004a", true));
      for (int i = 0; i < 2; i++) {
        assertThat(lines.next().getMDCPropertyMap())
            .containsEntry("traceId", "4bf92f3577b34da6a3ce929d0e0e4736")
            .containsEntry("spanId", "000000000000004a");
      }
      server.generate(TestServer.BODY, "traceparent", "nonsense");
      assertThat(traces.take()).isEmpty();
    }
  }

  @Test
  void requestsThatJettyRejectsAreLogged() throws InterruptedException {
    studio.raw("GET /x%2Fy?secret=1 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    assertThat(lines.next().getFormattedMessage()).matches("GET /x%2Fy -> 400 in \\d+ ms");

    studio.raw("nonsense\r\n\r\n");
    ILoggingEvent malformed = lines.next();
    assertThat(malformed.getFormattedMessage()).contains("-> 400 in ");
    assertThat(malformed.getMDCPropertyMap()).containsEntry("requestId", "request-2");
  }

  @Test
  void everyLogLineOfARequestHasItsId() throws InterruptedException {
    GenerationId id = studio.queued();
    for (ILoggingEvent line : List.of(lines.next(), lines.next(), lines.next())) {
      assertThat(line.getMDCPropertyMap()).containsEntry("requestId", "request-1");
    }

    studio.post(
        "/api/webhooks/skytells/" + id,
        "nonsense",
        "X-Skytells-Signature",
        FakeWebhooks.SIGNATURE.orElseThrow());
    assertThat(lines.next().getMDCPropertyMap()).containsEntry("requestId", "request-2");
  }

  @Test
  void neitherPromptsNorSignaturesAreLogged() throws InterruptedException {
    studio.generate("{\"prompt\":\"a very private cat\",\"width\":1}");
    studio.generate("{\"prompt\":\"a very private cat\"");
    studio.generate("{\"prompt\":\"a very private cat\"}");
    studio.post("/api/webhooks", "private", "X-Skytells-Signature", "private");
    studio.generations.breakDown(true);
    studio.generate("{\"prompt\":\"a very private cat\"}");
    studio.get("/last");

    Optional<ILoggingEvent> line = Optional.of(lines.next());
    while (line.filter(event -> event.getFormattedMessage().contains("/last")).isEmpty()) {
      assertThat(line.orElseThrow().getFormattedMessage()).doesNotContain("private");
      line = Optional.of(lines.next());
    }
  }

  private static final class Lines extends AppenderBase<ILoggingEvent> {
    private final BlockingQueue<ILoggingEvent> events = new LinkedBlockingQueue<>();

    @Override
    protected void append(ILoggingEvent event) {
      event.prepareForDeferredProcessing();
      events.add(event);
    }

    /** Waits, because the line may be written after the client has the response. */
    private ILoggingEvent next() throws InterruptedException {
      ILoggingEvent event = events.poll(10, TimeUnit.SECONDS);
      assertThat(event).as("a log line").isNotNull();
      return event;
    }
  }
}
