package dev.atelier.skytells.sandbox.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import dev.atelier.skytells.sandbox.fault.FaultPlan;
import dev.atelier.skytells.sandbox.fault.SandboxFault;
import dev.atelier.skytells.sandbox.fault.SandboxFaults;
import dev.atelier.skytells.sandbox.http.Body;
import dev.atelier.skytells.sandbox.http.FullResponse;
import dev.atelier.skytells.sandbox.http.RefusedException;
import dev.atelier.skytells.sandbox.http.Response;
import java.io.IOException;
import java.net.URI;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The routes under {@code /_sandbox}, for tests and debugging. */
public record AdminApi(Jobs jobs, Worker worker, FaultPlan plan, ModelRoutes modelRoutes) {
  private static final Pattern FINISH =
      Pattern.compile("POST /_sandbox/predictions/([^/]+)/finish");

  private static final Pattern REMOVE_MODEL = Pattern.compile("DELETE /_sandbox/models/([^/]+)");

  public Response response(HttpExchange exchange) throws IOException, RefusedException {
    String request = exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath();
    Matcher finish = FINISH.matcher(request);
    if (finish.matches()) {
      return finish(finish.group(1));
    }
    Matcher removeModel = REMOVE_MODEL.matcher(request);
    if (removeModel.matches()) {
      return modelRoutes.remove(removeModel.group(1));
    }
    return switch (request) {
      case "GET /_sandbox/predictions" -> predictions();
      case "POST /_sandbox/faults" -> setFaults(Body.json(exchange));
      case "DELETE /_sandbox/faults" -> setFaults(SandboxFaults.NONE, 0);
      case "POST /_sandbox/models" -> modelRoutes.put(Body.json(exchange));
      case "POST /_sandbox/models-fault" -> modelRoutes.setFault(Body.json(exchange));
      default -> throw new RefusedException(FullResponse.noSuchRoute());
    };
  }

  private FullResponse finish(String id) throws RefusedException {
    Job job = jobs.find(id).orElseThrow(() -> new RefusedException(FullResponse.noSuchRoute()));
    worker.finishNow(job);
    return FullResponse.json(200, toJson(job));
  }

  private FullResponse predictions() {
    ArrayNode list = JsonNodeFactory.instance.arrayNode();
    jobs.all().forEach(job -> list.add(toJson(job)));
    return FullResponse.json(200, list);
  }

  private static ObjectNode toJson(Job job) {
    SandboxPrediction prediction = job.view();
    ObjectNode entry = JsonNodeFactory.instance.objectNode();
    entry.put("id", prediction.id()).put("status", prediction.status());
    entry.put("webhook", prediction.webhook().map(URI::toString).orElse(null));
    entry.put("outputDownloads", prediction.outputDownloads());
    ArrayNode deliveries = entry.putArray("deliveries");
    for (SandboxPrediction.Delivery delivery : prediction.deliveries()) {
      ObjectNode json = deliveries.addObject().put("status", delivery.status());
      delivery
          .answer()
          .ifPresentOrElse(answer -> json.put("answer", answer), () -> json.putNull("answer"));
    }
    return entry;
  }

  private FullResponse setFaults(JsonNode body) throws RefusedException {
    try {
      var tags = body.path("faults").valueStream().map(JsonNode::asText).toList();
      return setFaults(SandboxFaults.of(tags), body.path("next").asInt(1));
    } catch (IllegalArgumentException e) {
      throw new RefusedException(
          FullResponse.error(422, "INVALID_INPUT", String.valueOf(e.getMessage())));
    }
  }

  private FullResponse setFaults(SandboxFaults faults, int requests) {
    plan.queue(faults, requests);
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    ArrayNode tags = json.putArray("faults");
    faults.numbers().keySet().stream().sorted().map(SandboxFault::tag).forEach(tags::add);
    return FullResponse.json(200, json.put("next", requests));
  }
}
