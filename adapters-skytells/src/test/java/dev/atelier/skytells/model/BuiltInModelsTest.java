package dev.atelier.skytells.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atelier.application.port.InputBuilder.Draft;
import dev.atelier.application.port.InputBuilder.Result;
import dev.atelier.domain.GenerationOptions;
import dev.atelier.domain.Model;
import dev.atelier.domain.ModelInput;
import dev.atelier.domain.NegativePrompt;
import dev.atelier.domain.Prompt;
import dev.atelier.skytells.json.SkytellsJson;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is sent while nothing is published about a model. */
class BuiltInModelsTest {
  @ParameterizedTest
  @CsvSource({
    "truefusion, IMAGE",
    "truefusion-pro, IMAGE",
    "FLUX.2-pro, IMAGE",
    "a-model-of-tomorrow, IMAGE",
    "truefusion-video, VIDEO",
    "TrueFusion-Video-Pro, VIDEO",
    "LIPFUSION, VIDEO",
    "sora-2, VIDEO",
    "veo-3.1, VIDEO",
    "beatfusion-2.0, AUDIO",
  })
  void theSlugDeterminesTheKind(String slug, Model.Kind kind) {
    assertThat(BuiltInModels.bySlug(slug)).isEqualTo(new Model(slug, kind));
  }

  @Test
  void mostImageModelsUseTheParametersOfTheTutorials() {
    assertThat(input("truefusion-pro", allOptions()))
        .isEqualTo(
            """
            {"height":768,"negative_prompt":"blurry, watermark, low quality","num_inference_steps":30,\
            "num_outputs":2,"prompt":"a lighthouse","seed":4294967295,"width":1024}""");
    assertThat(input("truefusion-pro", GenerationOptions.NONE))
        .isEqualTo(
            """
            {"height":1024,"negative_prompt":"blurry, watermark, low quality","num_inference_steps":30,\
            "prompt":"a lighthouse","width":1024}""");
  }

  @ParameterizedTest
  @CsvSource({"TrueFusion, 16:9", "imagen-3, 16:9", "imagen-4, 16:9"})
  void someModelsUseAspectRatioAndNumberOfImages(String slug, String ratio) {
    var wide =
        new GenerationOptions(
            OptionalInt.of(1920),
            OptionalInt.of(1080),
            OptionalInt.empty(),
            Optional.empty(),
            OptionalInt.of(2),
            OptionalLong.empty(),
            OptionalInt.empty());

    assertThat(input(slug, wide))
        .isEqualTo(
            "{\"aspect_ratio\":\""
                + ratio
                + "\",\"number_of_images\":2,\"prompt\":\"a lighthouse\"}");
  }

  @ParameterizedTest
  @CsvSource({
    "truefusion-video-pro, duration_seconds",
    "mera, duration_seconds",
    "sora-2, seconds",
    "Sora-2-Pro, seconds",
  })
  void theDurationParameterDependsOnTheVideoModel(String slug, String name) {
    assertThat(SkytellsJson.parse(input(slug, GenerationOptions.NONE)))
        .isEqualTo(SkytellsJson.parse("{\"" + name + "\":10,\"prompt\":\"a lighthouse\"}"));
  }

  @Test
  void everyModelAcceptsFurtherParameters() {
    for (String slug : Set.of("flux-9", "truefusion", "mera", "sora-2")) {
      assertThat(build(slug, GenerationOptions.NONE, Map.of("guidance", 3.5)))
          .isInstanceOf(Result.Built.class);
    }
  }

  private static GenerationOptions allOptions() {
    return new GenerationOptions(
        OptionalInt.of(1024),
        OptionalInt.of(768),
        OptionalInt.of(30),
        Optional.of(NegativePrompt.DEFAULT),
        OptionalInt.of(2),
        OptionalLong.of(0xFFFF_FFFFL),
        OptionalInt.empty());
  }

  private static String input(String slug, GenerationOptions options) {
    var built = (Result.Built) build(slug, options, Map.of());
    return SkytellsJson.toTree(built.input().values()).toString();
  }

  private static Result build(
      String slug, GenerationOptions options, Map<String, Object> parameters) {
    return new SkytellsInputBuilder(BuiltInModels::schema)
        .build(
            new Draft(
                BuiltInModels.bySlug(slug),
                Optional.of(new Prompt("a lighthouse")),
                options,
                new ModelInput(parameters),
                Set.of()));
  }
}
