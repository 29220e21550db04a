package dev.atelier.skytells.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.URI;

/**
 * The routes under {@code /_sandbox}, which Skytells does not have: for tests and the curious.
 *
 * @param jobs what there is to see
 * @param plan what there is to change
 */
record Control(Jobs jobs, FaultPlan plan) {

  Answer answer(HttpExchange exchange) throws IOException, RefusedException {
    return switch (exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath()) {
      case "GET /_sandbox/predictions" -> predictions();
      case "POST /_sandbox/faults" -> announce(Body.json(exchange));
      case "DELETE /_sandbox/faults" -> announced(SandboxFaults.NONE, 0);
      default -> throw new RefusedException(Reply.noSuchRoute());
    };
  }

  private Reply predictions() {
    ArrayNode list = JsonNodeFactory.instance.arrayNode();
    for (Job job : jobs.all()) {
      SandboxPrediction prediction = job.view();
      ObjectNode entry = list.addObject();
      entry.put("id", prediction.id()).put("status", prediction.status());
      entry.put("webhook", prediction.webhook().map(URI::toString).orElse(null));
      entry.put("outputDownloads", prediction.outputDownloads());
      ArrayNode deliveries = entry.putArray("deliveries");
      for (SandboxPrediction.Delivery delivery : prediction.deliveries()) {
        ObjectNode told = deliveries.addObject().put("status", delivery.status());
        delivery
            .answer()
            .ifPresentOrElse(answer -> told.put("answer", answer), () -> told.putNull("answer"));
      }
    }
    return Reply.json(200, list);
  }

  private Reply announce(JsonNode body) throws RefusedException {
    try {
      var tags = body.path("faults").valueStream().map(JsonNode::asText).toList();
      return announced(SandboxFaults.of(tags), body.path("next").asInt(1));
    } catch (IllegalArgumentException e) {
      throw new RefusedException(Reply.error(422, "INVALID_INPUT", String.valueOf(e.getMessage())));
    }
  }

  private Reply announced(SandboxFaults faults, int orders) {
    plan.announce(faults, orders);
    ObjectNode told = JsonNodeFactory.instance.objectNode();
    ArrayNode tags = told.putArray("faults");
    faults.numbers().keySet().stream().sorted().map(SandboxFault::tag).forEach(tags::add);
    return Reply.json(200, told.put("next", orders));
  }
}
