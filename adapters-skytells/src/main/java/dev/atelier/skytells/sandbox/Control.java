package dev.atelier.skytells.sandbox;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import java.net.URI;

/** The routes under {@code /_sandbox}, which Skytells does not have: for tests and the curious. */
record Control(Sandbox sandbox) {

  Answer answer(HttpExchange exchange) throws RefusedException {
    return switch (exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath()) {
      case "GET /_sandbox/predictions" -> predictions();
      default -> throw new RefusedException(Reply.error(404, "ENDPOINT_NOT_FOUND", "Not found"));
    };
  }

  private Reply predictions() {
    ArrayNode list = JsonNodeFactory.instance.arrayNode();
    for (SandboxPrediction prediction : sandbox.predictions()) {
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
}
