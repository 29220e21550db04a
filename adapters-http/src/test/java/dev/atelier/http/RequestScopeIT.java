package dev.atelier.http;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import dev.atelier.application.port.FakeWebhooks;
import dev.atelier.domain.GenerationId;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

class RequestScopeIT {
  private final Logger ours = (Logger) LoggerFactory.getLogger("dev.atelier");
  private final Lines lines = new Lines();
  private TestServer studio;

  @BeforeEach
  void start() {
    studio = TestServer.start();
    lines.start();
    ours.addAppender(lines);
    ours.setAdditive(false);
    ours.setLevel(Level.INFO);
  }

  @AfterEach
  void close() {
    ours.setLevel(null);
    ours.setAdditive(true);
    ours.detachAppender(lines);
    studio.close();
  }

  @Test
  void aRequestWithoutANameIsGivenOne() {
    assertThat(studio.get("/health/live").header("X-Request-Id")).contains("request-1");
    assertThat(studio.get("/nothing").header("X-Request-Id")).contains("request-2");
    assertThat(studio.raw("GET\r\n\r\n").header("X-Request-Id")).contains("request-3");
  }

  @Test
  void aRequestKeepsItsName() {
    String name = "01JD.a_b-c";

    assertThat(studio.get("/health/live", "X-Request-Id", name).header("X-Request-Id"))
        .contains(name);
    assertThat(studio.get("/nothing", "X-Request-Id", name).header("X-Request-Id")).contains(name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a b", "<script>", "a\"b", "ü"})
  void aNameThatIsNotSaneIsReplaced(String name) {
    assertThat(
            studio
                .raw(
                    "GET /health/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX-Request-Id: "
                        + name
                        + "\r\n\r\n")
                .header("X-Request-Id"))
        .contains("request-1");
    assertThat(studio.get("/nothing", "X-Request-Id", "x".repeat(129)).header("X-Request-Id"))
        .contains("request-2");
  }

  @Test
  void eachRequestIsOneLineWithoutItsQuery() throws InterruptedException {
    studio.get("/nothing?secret=1", "X-Request-Id", "mine");

    ILoggingEvent line = lines.next();
    assertThat(line.getFormattedMessage()).matches("GET /nothing -> 404 in \\d+ ms");
    assertThat(line.getMDCPropertyMap()).containsEntry("requestId", "mine");
    assertThat(line.getLoggerName()).isEqualTo("dev.atelier.http.AccessLog");
  }

  @Test
  void whatJettyRefusesIsALineToo() throws InterruptedException {
    studio.raw("GET /x%2Fy?secret=1 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    assertThat(lines.next().getFormattedMessage()).matches("GET /x%2Fy -> 400 in \\d+ ms");

    studio.raw("nonsense\r\n\r\n");
    ILoggingEvent nonsense = lines.next();
    assertThat(nonsense.getFormattedMessage()).contains("-> 400 in ");
    assertThat(nonsense.getMDCPropertyMap()).containsEntry("requestId", "request-2");
  }

  @Test
  void whatIsLoggedOnBehalfOfARequestCarriesItsName() throws InterruptedException {
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

    /** The line is written once the client has its answer, so it may come a moment later. */
    private ILoggingEvent next() throws InterruptedException {
      ILoggingEvent event = events.poll(10, TimeUnit.SECONDS);
      assertThat(event).as("a log line").isNotNull();
      return event;
    }
  }
}
