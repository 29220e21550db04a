package dev.atelier.skytells.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.sun.net.httpserver.HttpExchange;
import dev.atelier.application.port.Secret;
import java.io.IOException;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.Set;

/** The routes under {@code /v1}. */
final class Api {
  private final Secret apiKey;
  private final RateLimit rateLimit;
  private final Models models;
  private final Creation creation;
  private final Listing listing;
  private final Jobs jobs;
  private final Work work;
  private final Dialect dialect;

  Api(
      Secret apiKey,
      RateLimit rateLimit,
      Models models,
      Jobs jobs,
      Work work,
      Dialect dialect,
      FaultPlan plan) {
    this.apiKey = apiKey;
    this.rateLimit = rateLimit;
    this.models = models;
    this.creation = new Creation(models, work, dialect, rateLimit, plan);
    this.listing = new Listing(jobs, dialect);
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
      case "POST predictions", "POST predict" -> creation.answer(Body.json(exchange));
      case "GET predictions" -> listing.answer(Query.of(exchange));
      case "GET predictions/*" -> get(id);
      case "POST predictions/*/cancel" -> cancel(id);
      case "DELETE predictions/*" -> delete(id);
      case "DELETE predictions/*/delete" -> delete(find(id));
      case "GET models" -> Reply.json(200, models.list(fields(exchange)));
      case "GET models/*", "GET model/*" ->
          Reply.json(200, models.named(id).describe(fields(exchange)));
      default -> throw new RefusedException(Reply.noSuchRoute());
    };
  }

  private void requireKey(HttpExchange exchange) throws RefusedException {
    String key = exchange.getRequestHeaders().getFirst("x-api-key");
    if (key == null
        || !MessageDigest.isEqual(key.getBytes(UTF_8), apiKey.value().getBytes(UTF_8))) {
      throw new RefusedException(Reply.error(401, "UNAUTHORIZED", "Invalid or missing API key"));
    }
  }

  private Reply get(String id) throws RefusedException {
    Job job = find(id);
    int poll = job.polled();
    SandboxFaults faults = job.faults();
    if (faults.has(SandboxFault.GET_500)) {
      return broken();
    }
    if (poll <= faults.number(SandboxFault.GET_429)) {
      return RateLimit.busy(1);
    }
    if (poll <= faults.number(SandboxFault.GET_502_HTML)) {
      return Reply.badGateway();
    }
    if (poll <= faults.number(SandboxFault.GET_PREDICTION_FAILED)) {
      return Reply.error(502, "PREDICTION_FAILED", "Prediction serving returned an error.");
    }
    if (poll <= faults.number(SandboxFault.GET_UNKNOWN)) {
      return unknown();
    }
    return Reply.json(200, dialect.full(job));
  }

  private static Reply broken() {
    return Reply.error(500, "INTERNAL_ERROR", "Server error");
  }

  private Reply cancel(String id) throws RefusedException {
    Job job = find(id);
    if (job.faults().has(SandboxFault.CANCEL_500)) {
      return broken();
    }
    if (!work.cancel(job)) {
      throw new RefusedException(
          Reply.error(400, "INVALID_REQUEST", "The prediction has ended already."));
    }
    return job.faults().has(SandboxFault.CANCEL_PREDICTION)
        ? Reply.json(200, dialect.full(job))
        : done();
  }

  private Reply delete(String id) throws RefusedException {
    Job job = find(id);
    if (job.faults().has(SandboxFault.DELETE_405)) {
      throw new RefusedException(Reply.simpleError(405, "Method not allowed"));
    }
    return delete(job);
  }

  private Reply delete(Job job) {
    work.delete(job);
    return done();
  }

  private static Reply done() {
    return Reply.json(200, JsonNodeFactory.instance.objectNode().put("success", true));
  }

  private Job find(String id) throws RefusedException {
    Optional<Job> found = jobs.find(id).filter(job -> !job.isDeleted());
    return found.orElseThrow(() -> new RefusedException(unknown()));
  }

  /** Skytells has no 404 for predictions. Which error an unknown one is, it does not say. */
  private static Reply unknown() {
    return Reply.simpleError(502, "Error fetching prediction");
  }

  private static Set<String> fields(HttpExchange exchange) {
    return Set.of(Query.of(exchange).get("fields").orElse("").split(","));
  }
}
