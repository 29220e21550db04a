package dev.atelier.http.route;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atelier.domain.Asset;
import dev.atelier.domain.Cost;
import dev.atelier.domain.Dimensions;
import dev.atelier.domain.Failure;
import dev.atelier.domain.FileReference;
import dev.atelier.domain.Generation;
import dev.atelier.domain.InputFile;
import dev.atelier.domain.ModelInput;
import dev.atelier.domain.PredictionId;
import dev.atelier.domain.Prompt;
import dev.atelier.domain.State;
import dev.atelier.domain.StateName;
import dev.atelier.http.request.Json;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Writes a generation as JSON. {@code output} and {@code outputUrl} are set only on success; {@code
 * assets} also lists the stored outputs of a failed generation.
 */
final class GenerationJson {
  private final Links links;

  GenerationJson(Links links) {
    this.links = links;
  }

  ObjectNode of(Generation generation) {
    State state = generation.state();
    Optional<Failure.Code> failure = failure(state);
    List<Asset> assets = generation.isActive() ? List.of() : state.storedAssets();
    boolean succeeded = state instanceof State.Succeeded;

    ObjectNode json =
        Json.object()
            .put("id", generation.id().toString())
            .put("status", StateName.of(state).status().value())
            .put("model", generation.request().model().slug())
            .put("prompt", generation.request().prompt().map(Prompt::value).orElse(null));
    json.set("input", generation.request().input().map(GenerationJson::input).orElse(null));
    ArrayNode inputs = json.putArray("inputs");
    generation.request().files().forEach(file -> inputs.add(input(file)));
    ArrayNode output = json.putArray("output");
    json.putNull("outputUrl");
    ArrayNode assetArray = json.putArray("assets");
    for (int index = 0; index < assets.size(); index++) {
      String url = links.output(generation.id(), index);
      if (succeeded) {
        output.add(url);
      }
      assetArray.add(asset(assets.get(index), url));
    }
    if (succeeded) {
      json.set("outputUrl", output.get(0));
    }
    json.set("cost", generation.cost().map(GenerationJson::cost).orElse(null));
    return json.put("error", failure.map(Failure.Code::message).orElse(null))
        .put("errorCode", failure.map(Failure.Code::value).orElse(null))
        .put("predictionId", state.prediction().map(PredictionId::value).orElse(null))
        .put("createdAt", generation.createdAt().toString())
        .put("completedAt", state.endedAt().map(Instant::toString).orElse(null));
  }

  private static JsonNode input(ModelInput input) {
    return Json.toTree(input.values());
  }

  private ObjectNode input(InputFile file) {
    ObjectNode json = Json.object().put("parameter", file.parameter());
    return switch (file.source()) {
      case FileReference.OutputFile output ->
          json.put("generation", output.generation().toString())
              .put("index", output.index())
              .put("url", links.output(output.generation(), output.index()));
      case FileReference.UploadedFile uploaded ->
          json.put("upload", uploaded.upload().toString())
              .put("url", links.upload(uploaded.upload()));
    };
  }

  private static ObjectNode cost(Cost cost) {
    return Json.object()
        .put("amount", cost.amount())
        .put("currency", cost.currency())
        .put("estimated", cost.estimated());
  }

  private static ObjectNode asset(Asset asset, String url) {
    return Json.object()
        .put("url", url)
        .put("contentType", asset.type().value())
        .put("bytes", asset.bytes())
        .put("sha256", asset.sha256())
        .put("width", asset.dimensions().map(Dimensions::width).orElse(null))
        .put("height", asset.dimensions().map(Dimensions::height).orElse(null));
  }

  private static Optional<Failure.Code> failure(State state) {
    return state instanceof State.Failed failed
        ? Optional.of(failed.failure().code())
        : Optional.empty();
  }
}
