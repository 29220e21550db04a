package dev.atelier.skytells.sandbox.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.sun.net.httpserver.HttpExchange;
import dev.atelier.application.port.Secret;
import dev.atelier.skytells.sandbox.catalog.Models;
import dev.atelier.skytells.sandbox.fault.FaultPlan;
import dev.atelier.skytells.sandbox.fault.SandboxFault;
import dev.atelier.skytells.sandbox.fault.SandboxFaults;
import dev.atelier.skytells.sandbox.http.Body;
import dev.atelier.skytells.sandbox.http.FullResponse;
import dev.atelier.skytells.sandbox.http.Query;
import dev.atelier.skytells.sandbox.http.RefusedException;
import dev.atelier.skytells.sandbox.http.Response;
import java.io.IOException;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.Set;

/** The routes under {@code /v1}. */
public final class Api {
  private final Secret apiKey;
  private final RateLimit rateLimit;
  private final ModelRoutes modelRoutes;
  private final CreateHandler createHandler;
  private final ListPage listPage;
  private final Jobs jobs;
  private final Worker worker;
  private final Dialect dialect;

  public Api(
      Secret apiKey,
      RateLimit rateLimit,
      Models models,
      ModelRoutes modelRoutes,
      Jobs jobs,
      Worker worker,
      Dialect dialect,
      FaultPlan plan) {
    this.apiKey = apiKey;
    this.rateLimit = rateLimit;
    this.modelRoutes = modelRoutes;
    this.createHandler = new CreateHandler(models, worker, dialect, rateLimit, plan);
    this.listPage = new ListPage(jobs, dialect);
    this.jobs = jobs;
    this.worker = worker;
    this.dialect = dialect;
  }

  public Response response(HttpExchange exchange) throws IOException, RefusedException {
    requireKey(exchange);
    rateLimit.take();
    Response response = route(exchange);
    return response instanceof FullResponse fullResponse && fullResponse.isSuccess()
        ? rateLimit.withHeaders(fullResponse)
        : response;
  }

  private Response route(HttpExchange exchange) throws IOException, RefusedException {
    String[] path = exchange.getRequestURI().getPath().substring("/v1/".length()).split("/", -1);
    String id = path.length > 1 ? path[1] : "";
    if (path.length > 1) {
      path[1] = "*";
    }
    return switch (exchange.getRequestMethod() + " " + String.join("/", path)) {
      case "POST predictions", "POST predict" -> createHandler.response(Body.json(exchange));
      case "GET predictions" -> listPage.response(Query.of(exchange));
      case "GET predictions/*" -> get(id);
      case "POST predictions/*/cancel" -> cancel(id);
      case "DELETE predictions/*" -> delete(id);
      case "DELETE predictions/*/delete" -> delete(find(id));
      case "GET models" -> modelRoutes.list(fields(exchange));
      case "GET models/*", "GET model/*" -> modelRoutes.get(id, fields(exchange));
      default -> throw new RefusedException(FullResponse.noSuchRoute());
    };
  }

  private void requireKey(HttpExchange exchange) throws RefusedException {
    String key = exchange.getRequestHeaders().getFirst("x-api-key");
    if (key == null
        || !MessageDigest.isEqual(key.getBytes(UTF_8), apiKey.value().getBytes(UTF_8))) {
      throw new RefusedException(
          FullResponse.error(401, "UNAUTHORIZED", "Invalid or missing API key"));
    }
  }

  private FullResponse get(String id) throws RefusedException {
    Job job = find(id);
    int poll = job.countPoll();
    SandboxFaults faults = job.faults();
    if (faults.has(SandboxFault.GET_500)) {
      return FullResponse.internalError();
    }
    if (poll <= faults.number(SandboxFault.GET_429)) {
      return RateLimit.busy(1);
    }
    if (poll <= faults.number(SandboxFault.GET_502_HTML)) {
      return FullResponse.badGateway();
    }
    if (poll <= faults.number(SandboxFault.GET_PREDICTION_FAILED)) {
      return FullResponse.error(502, "PREDICTION_FAILED", "Prediction serving returned an error.");
    }
    if (poll <= faults.number(SandboxFault.GET_UNKNOWN)) {
      return unknownPrediction();
    }
    return FullResponse.json(200, dialect.full(job));
  }

  private FullResponse cancel(String id) throws RefusedException {
    Job job = find(id);
    if (job.faults().has(SandboxFault.CANCEL_500)) {
      return FullResponse.internalError();
    }
    if (!worker.cancel(job)) {
      throw new RefusedException(
          FullResponse.error(400, "INVALID_REQUEST", "The prediction has ended already."));
    }
    return job.faults().has(SandboxFault.CANCEL_PREDICTION)
        ? FullResponse.json(200, dialect.full(job))
        : success();
  }

  private FullResponse delete(String id) throws RefusedException {
    Job job = find(id);
    if (job.faults().has(SandboxFault.DELETE_405)) {
      throw new RefusedException(FullResponse.simpleError(405, "Method not allowed"));
    }
    return delete(job);
  }

  private FullResponse delete(Job job) {
    worker.delete(job);
    return success();
  }

  private static FullResponse success() {
    return FullResponse.json(200, JsonNodeFactory.instance.objectNode().put("success", true));
  }

  private Job find(String id) throws RefusedException {
    Optional<Job> found = jobs.find(id).filter(job -> !job.isDeleted());
    return found.orElseThrow(() -> new RefusedException(unknownPrediction()));
  }

  /** Documented as 502, not 404. */
  private static FullResponse unknownPrediction() {
    return FullResponse.simpleError(502, "Error fetching prediction");
  }

  private static Set<String> fields(HttpExchange exchange) {
    return Set.of(Query.of(exchange).get("fields").orElse("").split(","));
  }
}
