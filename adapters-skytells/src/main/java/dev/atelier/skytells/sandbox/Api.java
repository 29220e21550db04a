package dev.atelier.skytells.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.sun.net.httpserver.HttpExchange;
import dev.atelier.application.port.Secret;
import java.io.IOException;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The routes under {@code /v1}. */
final class Api {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int AWAIT_SECONDS = 60;

  private final Secret apiKey;
  private final RateLimit rateLimit;
  private final Models models;
  private final Jobs jobs;
  private final Work work;
  private final Dialect dialect;
  private final SandboxFaults faults;

  Api(
      SandboxSettings settings,
      RateLimit rateLimit,
      Models models,
      Jobs jobs,
      Work work,
      Dialect dialect) {
    this.apiKey = settings.apiKey();
    this.faults = settings.faults();
    this.rateLimit = rateLimit;
    this.models = models;
    this.jobs = jobs;
    this.work = work;
    this.dialect = dialect;
  }

  Answer answer(HttpExchange exchange) throws IOException, RefusedException {
    requireKey(exchange);
    rateLimit.take();
    Answer answer = route(exchange);
    return answer instanceof Reply reply && reply.isSuccess() ? rateLimit.tell(reply) : answer;
  }

  private Answer route(HttpExchange exchange) throws IOException, RefusedException {
    String[] path = exchange.getRequestURI().getPath().substring("/v1/".length()).split("/", -1);
    String id = path.length > 1 ? path[1] : "";
    if (path.length > 1) {
      path[1] = "*";
    }
    return switch (exchange.getRequestMethod() + " " + String.join("/", path)) {
      case "POST predictions", "POST predict" -> create(exchange);
      case "GET predictions/*" -> get(id);
      case "GET models" -> Reply.json(200, models.list(fields(exchange)));
      case "GET models/*", "GET model/*" ->
          Reply.json(200, models.named(id).describe(fields(exchange)));
      default -> throw new RefusedException(Reply.error(404, "ENDPOINT_NOT_FOUND", "Not found"));
    };
  }

  private void requireKey(HttpExchange exchange) throws RefusedException {
    String key = exchange.getRequestHeaders().getFirst("x-api-key");
    if (key == null
        || !MessageDigest.isEqual(key.getBytes(UTF_8), apiKey.value().getBytes(UTF_8))) {
      throw new RefusedException(Reply.error(401, "UNAUTHORIZED", "Invalid or missing API key"));
    }
  }

  private Answer create(HttpExchange exchange) throws IOException, RefusedException {
    Order order = Order.read(json(exchange), models);
    Job job = work.accept(order, faults.and(faultsIn(order)));
    if (order.await()) {
      awaitEnd(job);
    }
    return Reply.json(202, dialect.full(job));
  }

  private static SandboxFaults faultsIn(Order order) throws RefusedException {
    try {
      return SandboxFaults.in(order.input().path("prompt").asText());
    } catch (IllegalArgumentException e) {
      throw new RefusedException(Reply.error(422, "INVALID_INPUT", String.valueOf(e.getMessage())));
    }
  }

  private Answer get(String id) {
    return find(id)
        .map(job -> Reply.json(200, dialect.full(job)))
        .orElseGet(
            // An unknown id looks just like a failed prediction; Skytells has no 404 here.
            () -> Reply.error(502, "PREDICTION_FAILED", "Prediction serving returned an error."));
  }

  private Optional<Job> find(String id) {
    return jobs.find(id).filter(job -> !job.isDeleted());
  }

  private static JsonNode json(HttpExchange exchange) throws IOException {
    try {
      return JSON.readTree(exchange.getRequestBody());
    } catch (JsonProcessingException e) {
      return JsonNodeFactory.instance.missingNode();
    }
  }

  private static Set<String> fields(HttpExchange exchange) {
    return Set.of(Query.of(exchange).get("fields").orElse("").split(","));
  }

  private static void awaitEnd(Job job) {
    try {
      job.ended().get(AWAIT_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      // It goes on; the reply tells how far it is.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException e) {
      throw new IllegalStateException("the end of a prediction never fails", e);
    }
  }
}
