package dev.atelier.http.route;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atelier.domain.Asset;
import dev.atelier.domain.Failure;
import dev.atelier.domain.Generation;
import dev.atelier.domain.Generations;
import dev.atelier.domain.OutputStatus;
import dev.atelier.domain.State;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class GenerationJsonTest {
  private final GenerationJson json =
      new GenerationJson(new Links(URI.create("http://localhost:8080"), Optional.empty()));

  @Test
  void aSucceededGenerationHasTheDocumentedJson() {
    Generation generation = Generations.succeeded();
    String url = "http://localhost:8080/api/predictions/" + generation.id() + "/output/0";

    assertThat(json.of(generation).toString())
        .isEqualTo(
            """
            {"id":"%1$s","status":"succeeded","model":"truefusion-pro",\
            "prompt":"a lighthouse at dusk","input":{"prompt":"a lighthouse at dusk"},\
            "inputs":[],"output":["%2$s"],"outputUrl":"%2$s",\
            "assets":[{"url":"%2$s","contentType":"image/png","bytes":182034,"sha256":"%3$s",\
            "width":1024,"height":768}],\
            "cost":{"amount":0.05,"currency":"USD","estimated":true},\
            "error":null,"errorCode":null,"predictionId":"pred_abc123",\
            "createdAt":"2026-11-20T10:00:00Z","completedAt":"2026-11-20T10:00:00Z"}"""
                .formatted(generation.id(), url, "0".repeat(64)));
  }

  @Test
  void aNewGenerationHasEveryMemberEmptyOrNull() {
    Generation generation = Generations.submitting();

    assertThat(json.of(generation).toString())
        .isEqualTo(
            """
            {"id":"%s","status":"queued","model":"truefusion-pro",\
            "prompt":"a lighthouse at dusk","input":{"prompt":"a lighthouse at dusk"},\
            "inputs":[],"output":[],"outputUrl":null,"assets":[],\
            "cost":{"amount":0.05,"currency":"USD","estimated":true},\
            "error":null,"errorCode":null,"predictionId":null,\
            "createdAt":"2026-11-20T10:00:00Z","completedAt":null}"""
                .formatted(generation.id()));
  }

  static Stream<Arguments> everyState() {
    return Stream.of(
        Arguments.of(Generations.submitting(), "queued"),
        Arguments.of(Generations.queued(), "queued"),
        Arguments.of(Generations.processing(), "processing"),
        Arguments.of(Generations.storing(), "processing"),
        Arguments.of(Generations.succeeded(), "succeeded"),
        Arguments.of(Generations.failed(), "failed"),
        Arguments.of(Generations.canceled(), "canceled"));
  }

  @ParameterizedTest
  @MethodSource("everyState")
  void everyStateHasAPublicStatusAndTheSameMembers(Generation generation, String status) {
    ObjectNode object = json.of(generation);

    assertThat(object.get("status").textValue()).isEqualTo(status);
    assertThat(object.propertyStream().map(Map.Entry::getKey))
        .containsExactly(
            "id",
            "status",
            "model",
            "prompt",
            "input",
            "inputs",
            "output",
            "outputUrl",
            "assets",
            "cost",
            "error",
            "errorCode",
            "predictionId",
            "createdAt",
            "completedAt");
  }

  @Test
  void anAssetOfUnknownDimensionsHasNullWidthAndHeight() {
    Generation generation = Generations.submitting();
    Asset unmeasured = Generations.asset(generation.id(), 0).measured(Optional.empty());
    var succeeded =
        new State.Succeeded(Generations.PREDICTION, List.of(unmeasured), Generations.CREATED);

    JsonNode asset = json.of(Generations.with(generation, succeeded)).get("assets").get(0);

    assertThat(asset.get("width").isNull()).isTrue();
    assertThat(asset.get("height").isNull()).isTrue();
  }

  @Test
  void anActiveGenerationShowsNoAssets() {
    Generation generation = Generations.submitting();
    Asset asset = Generations.asset(generation.id(), 0);
    var storing =
        new State.Storing(
            Generations.PREDICTION,
            List.of(new OutputStatus.Stored(asset), new OutputStatus.Awaiting(Generations.OUTPUT)),
            Generations.CREATED);

    assertThat(json.of(Generations.with(generation, storing)).get("assets")).isEmpty();
  }

  @Test
  void aFailureShowsOurSentenceAndCodeInsteadOfTheProvidersMessage() {
    ObjectNode object = json.of(Generations.failed());

    assertThat(object.get("error").textValue())
        .isEqualTo("The provider could not finish this generation.");
    assertThat(object.get("errorCode").textValue()).isEqualTo("generation_failed");
    assertThat(object.toString()).doesNotContain("out of memory");
  }

  @Test
  void theStoredOutputsOfAFailedGenerationAreAssetsOnly() {
    Generation generation = Generations.submitting();
    var failed =
        new State.Failed(
            Optional.of(Generations.PREDICTION),
            new Failure(Failure.Code.OUTPUT_EXPIRED, "gone"),
            List.of(Generations.asset(generation.id(), 1)),
            Generations.CREATED);

    ObjectNode object = json.of(Generations.with(generation, failed));

    assertThat(object.get("output")).isEmpty();
    assertThat(object.get("outputUrl").isNull()).isTrue();
    assertThat(object.get("assets")).hasSize(1);
    assertThat(object.get("assets").get(0).get("url").textValue())
        .endsWith(generation.id() + "/output/0");
  }
}
