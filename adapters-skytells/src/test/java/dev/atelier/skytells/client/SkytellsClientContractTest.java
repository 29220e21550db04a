package dev.atelier.skytells.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import dev.atelier.application.port.Predictions;
import dev.atelier.application.port.PredictionsContract;
import dev.atelier.domain.PredictionId;
import dev.atelier.skytells.client.ScriptedServer.Reply;
import dev.atelier.skytells.client.ScriptedServer.Request;
import dev.atelier.skytells.json.SkytellsJson;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;

/** Runs the contract against a scripted server that keeps predictions as documented. */
class SkytellsClientContractTest implements PredictionsContract {
  private static final String OUTPUT = "https://cdn.skytells.ai/outputs/1.png";

  private final ScriptedServer server = new ScriptedServer();
  private final SkytellsClient client = new SkytellsClient(Settings.of(server), Clock.systemUTC());
  private final Map<String, ObjectNode> predictions = new LinkedHashMap<>();
  private final AtomicInteger created = new AtomicInteger();

  SkytellsClientContractTest() throws IOException {
    server.always(this::answer);
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
  public void succeedInNextCreateResponse() {
    server.next(
        (request, exchange) -> {
          ObjectNode prediction = create(request);
          finish(prediction);
          send(200, prediction).send(request, exchange);
        });
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
  public void loseNextCreateResponse() {
    server.next(
        (request, exchange) -> {
          create(request);
          ScriptedServer.cut().send(request, exchange);
        });
  }

  @Override
  public synchronized void finish(PredictionId id) {
    ObjectNode prediction = predictions.get(id.value());
    if (prediction == null) {
      throw new IllegalArgumentException("unknown prediction");
    }
    finish(prediction);
  }

  @Override
  public void breakDown() {
    server.always(ScriptedServer.reply(502, Fixtures.text("error-502-html-not-json.html")));
  }

  @Override
  public int sold() {
    return created.get();
  }

  private void answer(Request request, HttpExchange exchange) throws IOException {
    List<String> path = List.of(request.path().substring("/v1/predictions".length()).split("/"));
    Reply reply =
        switch (request.method() + " " + path.size()) {
          case "POST 1" -> send(201, create(request));
          case "GET 1" -> send(200, page(request.query()));
          case "GET 2" -> find(path.get(1));
          case "POST 3" -> cancel(path.get(1));
          case "DELETE 2" -> delete(path.get(1));
          default -> ScriptedServer.status(404);
        };
    reply.send(request, exchange);
  }

  private synchronized ObjectNode create(Request request) {
    JsonNode body = Fixtures.parse(request.body());
    ObjectNode prediction =
        SkytellsJson.object()
            .put("id", "pred_" + created.incrementAndGet())
            .put("status", "queued");
    prediction.set("webhook", SkytellsJson.object().set("url", body.path("webhook")));
    predictions.put(prediction.path("id").textValue(), prediction);
    return prediction;
  }

  private static void finish(ObjectNode prediction) {
    prediction.put("status", "succeeded").putArray("output").add(OUTPUT);
  }

  private synchronized Reply find(String id) {
    ObjectNode prediction = predictions.get(id);
    return prediction == null
        ? ScriptedServer.json(502, "{\"status\":false,\"response\":\"Error fetching prediction\"}")
        : send(200, prediction);
  }

  private synchronized JsonNode page(String query) {
    int page = Integer.parseInt(query.replaceAll(".*\\bpage=(\\d+).*", "$1").strip());
    var all = new ArrayList<>(predictions.values());
    int from = Math.min((page - 1) * 50, all.size());
    ObjectNode list = SkytellsJson.object();
    list.putArray("data").addAll(all.subList(from, Math.min(from + 50, all.size())));
    list.putObject("pagination")
        .put("current_page", page)
        .put("per_page", 50)
        .put("total", all.size())
        .put("last_page", Math.max(1, (all.size() + 49) / 50));
    return list;
  }

  private synchronized Reply cancel(String id) {
    ObjectNode prediction = predictions.get(id);
    if (prediction == null || !prediction.path("status").textValue().equals("queued")) {
      return ScriptedServer.json(422, "{\"error_id\":\"VALIDATION_ERROR\"}");
    }
    prediction.put("status", "cancelled");
    return ScriptedServer.json(200, Fixtures.text("response-cancel-endpoint-success.json"));
  }

  private synchronized Reply delete(String id) {
    return predictions.remove(id) == null
        ? ScriptedServer.status(404)
        : ScriptedServer.json(200, Fixtures.text("response-delete-endpoint-success.json"));
  }

  private static Reply send(int status, JsonNode json) {
    return ScriptedServer.json(status, json.toString());
  }
}
