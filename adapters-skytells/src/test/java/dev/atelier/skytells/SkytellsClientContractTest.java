package dev.atelier.skytells;

import dev.atelier.application.port.Predictions;
import dev.atelier.application.port.PredictionsContract;
import java.io.IOException;
import java.time.Clock;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;

class SkytellsClientContractTest implements PredictionsContract {
  private final ScriptedServer server = new ScriptedServer();
  private final SkytellsClient client = new SkytellsClient(Settings.of(server), Clock.systemUTC());
  private final AtomicInteger sold = new AtomicInteger();

  SkytellsClientContractTest() throws IOException {
    server.always(
        selling(ScriptedServer.json(200, Fixtures.text("response-create-queued-minimal.json"))));
  }

  @AfterEach
  void close() {
    client.close();
    server.close();
  }

  @Override
  public Predictions predictions() {
    return client;
  }

  @Override
  public void finishNextAtOnce() {
    server.next(
        selling(ScriptedServer.json(200, Fixtures.text("response-succeeded-output-string.json"))));
  }

  @Override
  public void refuseNextContent() {
    server.next(ScriptedServer.json(451, "{\"error_id\":\"CONTENT_POLICY_VIOLATION\"}"));
  }

  @Override
  public void beBusy() {
    server.always(
        ScriptedServer.reply(429, Fixtures.text("error-429-flat.json"), "Retry-After", "12"));
  }

  @Override
  public void loseNextReply() {
    server.next(selling(ScriptedServer.cut()));
  }

  @Override
  public int sold() {
    return sold.get();
  }

  private ScriptedServer.Reply selling(ScriptedServer.Reply reply) {
    return exchange -> {
      sold.incrementAndGet();
      reply.send(exchange);
    };
  }
}
