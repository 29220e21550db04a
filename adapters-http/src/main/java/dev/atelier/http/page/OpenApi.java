package dev.atelier.http.page;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atelier.application.generate.GenerationRules;
import dev.atelier.domain.AllowedModels;
import dev.atelier.http.auth.AuthMode;
import dev.atelier.http.request.Json;
import dev.atelier.http.route.Links;
import java.util.List;

/** Completes the OpenAPI description with the settings of this instance. */
public final class OpenApi {
  private OpenApi() {}

  public static ObjectNode describe(Links links, AuthMode authMode, GenerationRules rules) {
    ObjectNode document = Json.readObject(ClasspathResource.bytes("openapi.json")).orElseThrow();
    object(document, "/servers/0").put("url", links.base());
    object(document, request("prompt")).put("maxLength", rules.promptMaxLength());
    ObjectNode model = object(document, request("model"));
    model.put("default", rules.models().defaultModel());
    model.putArray("examples").add(rules.models().defaultModel());
    List<String> patterns = rules.models().patterns();
    if (patterns.stream().noneMatch(AllowedModels::isWildcard)) {
      ArrayNode slugs = model.putArray("enum");
      patterns.forEach(slugs::add);
    }
    if (authMode instanceof AuthMode.None) {
      document.findValues("security").forEach(OpenApi::removeBearer);
      ((ArrayNode) document.requiredAt("/paths/~1metrics/get/security")).addObject();
    }
    return document;
  }

  private static String request(String field) {
    return "/components/schemas/GenerationRequest/properties/" + field;
  }

  private static ObjectNode object(ObjectNode document, String pointer) {
    return (ObjectNode) document.requiredAt(pointer);
  }

  /** Operator key and webhook signature stay required. */
  private static void removeBearer(JsonNode security) {
    if (security.findValue("bearer") != null) {
      ((ArrayNode) security).removeAll();
    }
  }
}
