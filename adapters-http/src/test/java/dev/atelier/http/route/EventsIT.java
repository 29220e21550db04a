package dev.atelier.http.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atelier.domain.GenerationId;
import dev.atelier.domain.Prediction;
import dev.atelier.http.EventStream;
import dev.atelier.http.EventStream.Event;
import dev.atelier.http.Response;
import dev.atelier.http.TestServer;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class EventsIT {
  @AutoClose private final TestServer studio = TestServer.start();

  @Test
  void everyChangeIsAnEventUntilTheEnd() {
    GenerationId id = studio.queued();
    try (var stream = EventStream.open(studio, events(id))) {
      assertThat(stream.head.status()).isEqualTo(200);
      assertThat(stream.head.header("Content-Type")).contains("text/event-stream");
      assertThat(stream.head.header("Cache-Control")).contains("no-store");
      assertThat(stream.head.header("X-Accel-Buffering")).contains("no");
      stream.awaitLine("retry: 2000");

      Event queued = stream.next().orElseThrow();
      assertThat(queued.name()).isEqualTo("generation");
      assertThat(queued.data()).isEqualTo(studio.get(status(id)).json());
      assertThat(tag(id)).isEqualTo(queued.id());

      studio.webhook(id, new Prediction.Processing(studio.prediction(id)));
      assertThat(stream.next().orElseThrow().status()).isEqualTo("processing");

      studio.webhook(id, new Prediction.Canceled(studio.prediction(id)));
      Event canceled = stream.next().orElseThrow();
      assertThat(canceled.data()).isEqualTo(studio.get(status(id)).json());
      assertThat(canceled.id()).isEqualTo(tag(id));
      assertThat(stream.next()).isEmpty();
    }
  }

  @Test
  void changesThatClientsDoNotSeeCauseNoEvent() {
    GenerationId id = studio.queued();
    try (var stream = EventStream.open(studio, events(id))) {
      assertThat(stream.next().orElseThrow().status()).isEqualTo("queued");
      studio.webhook(id, new Prediction.Processing(studio.prediction(id)));
      assertThat(stream.next().orElseThrow().status()).isEqualTo("processing");

      studio.webhook(
          id,
          new Prediction.Succeeded(
              studio.prediction(id),
              List.of(
                  studio.skytells.addOutput(TestServer.png(100)),
                  studio.skytells.addOutput(TestServer.png(100))),
              Optional.empty()));

      // The reported cost may be seen before the outputs are stored.
      List<Event> rest = stream.rest();
      assertThat(rest).extracting(Event::data).doesNotHaveDuplicates();
      assertThat(rest).hasSizeLessThanOrEqualTo(2);
      assertThat(rest.getLast().status()).isEqualTo("succeeded");
      assertThat(rest.getLast().data()).isEqualTo(studio.get(status(id)).json());
    }
  }

  @Test
  void aReconnectReceivesOnlyNewEvents() {
    GenerationId id = studio.queued();
    try (var stream = EventStream.open(studio, events(id), "Last-Event-ID", tag(id))) {
      studio.webhook(id, new Prediction.Canceled(studio.prediction(id)));

      assertThat(stream.rest()).extracting(Event::status).containsExactly("canceled");
    }
  }

  @Test
  void aReconnectWithAnUnknownIdReceivesTheCurrentState() {
    GenerationId id = studio.queued();
    try (var stream = EventStream.open(studio, events(id), "Last-Event-ID", "nonsense")) {
      assertThat(stream.next().orElseThrow().status()).isEqualTo("queued");
    }
  }

  @Test
  void anEndedGenerationSendsItsFinalStateAtOnce() {
    GenerationId id = studio.succeeded(TestServer.png(100));
    try (var stream = EventStream.open(studio, events(id))) {
      assertThat(stream.rest()).extracting(Event::status).containsExactly("succeeded");
    }
  }

  @Test
  void aClientThatHasTheFinalStateGets204() {
    GenerationId id = studio.succeeded(TestServer.png(100));

    Response response = studio.get(events(id), "Last-Event-ID", tag(id));

    assertThat(response.status()).isEqualTo(204);
    assertThat(response.header("Cache-Control")).contains("no-store");
    assertThat(response.body()).isEmpty();
  }

  @Test
  void commentsKeepTheStreamAlive() {
    try (var stream = EventStream.open(studio, events(studio.queued()))) {
      assertThat(stream.next().orElseThrow().status()).isEqualTo("queued");

      stream.awaitLine(":");
      stream.awaitLine(":");
    }
  }

  @Test
  void deletingAGenerationEndsTheStream() {
    GenerationId id = studio.queued();
    try (var stream = EventStream.open(studio, events(id))) {
      assertThat(stream.next().orElseThrow().status()).isEqualTo("queued");

      studio.generations.vanish(id);

      assertThat(stream.rest()).isEmpty();
      studio.get(events(id)).isProblem(404, "not_found");
    }
  }

  @Test
  void closingTheSubscriptionsEndsTheStream() {
    try (var stream = EventStream.open(studio, events(studio.queued()))) {
      assertThat(stream.next().orElseThrow().status()).isEqualTo("queued");

      studio.generationSubscriptions.close();

      assertThat(stream.rest()).isEmpty();
    }
  }

  @Test
  void unknownMalformedAndForeignIdsGetTheSameResponse() {
    String mine = "/api/predictions/" + studio.queued() + "/events?userId=somebody-else";
    List<String> paths =
        List.of(
            mine,
            "/api/predictions/0198c0de-0000-7000-8000-00000000abcd/events",
            "/api/predictions/nonsense/events");

    assertThat(paths)
        .extracting(
            path -> studio.get(path, "X-Request-Id", "same").isProblem(404, "not_found").json())
        .containsOnly(studio.get(paths.getFirst(), "X-Request-Id", "same").json());
  }

  @Test
  void headReturnsTheHeadersWithoutTheStream() {
    Response response = studio.send("HEAD", events(studio.queued()), new byte[0]);

    assertThat(response.status()).isEqualTo(200);
    assertThat(response.header("Content-Type")).contains("text/event-stream");
    assertThat(response.header("Cache-Control")).contains("no-store");
  }

  @Test
  void aDatabaseOutageIsAnswered503() {
    GenerationId id = studio.queued();
    studio.generations.breakDown(true);

    studio.get(events(id)).isProblem(503, "unavailable");
  }

  private String tag(GenerationId id) {
    return studio.get(status(id)).header("ETag").orElseThrow().replace("\"", "");
  }

  private static String status(GenerationId id) {
    return "/api/predictions/" + id;
  }

  private static String events(GenerationId id) {
    return status(id) + "/events";
  }
}
