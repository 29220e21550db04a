package dev.atelier.skytells.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atelier.domain.GenerationOptions;
import dev.atelier.domain.GenerationRequest;
import dev.atelier.domain.ImageOptions;
import dev.atelier.domain.InvalidValueException;
import dev.atelier.domain.Model;
import dev.atelier.domain.NegativePrompt;
import dev.atelier.domain.Prompt;
import dev.atelier.domain.VideoOptions;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SkytellsModelsTest {
  private static final Prompt PROMPT = new Prompt("a lighthouse at dusk");
  private static final ImageOptions ALL_OPTIONS =
      new ImageOptions(1024, 768, 30, NegativePrompt.DEFAULT, 2, OptionalLong.of(7));

  @ParameterizedTest
  @CsvSource({
    "truefusion, IMAGE",
    "truefusion-pro, IMAGE",
    "truefusion-edge, IMAGE",
    "truefusion-2.0, IMAGE",
    "FLUX.2-pro, IMAGE",
    "a-model-of-tomorrow, IMAGE",
    "truefusion-video, VIDEO",
    "truefusion-video-pro, VIDEO",
    "TrueFusion-Video, VIDEO",
    "LIPFUSION, VIDEO",
    "sora-2, VIDEO",
    "veo-3.1, VIDEO",
  })
  void theSlugDeterminesTheKind(String slug, Model.Kind kind) {
    assertThat(SkytellsModels.bySlug(slug)).isEqualTo(new Model(slug, kind));
  }

  @Test
  void theVendorIsRemovedFromTheSlug() {
    assertThat(SkytellsModels.bySlug("skytells/truefusion-video"))
        .isEqualTo(new Model("truefusion-video", Model.Kind.VIDEO));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "skytells/", "a/b/c"})
  void anInvalidSlugIsRejected(String slug) {
    assertThatThrownBy(() -> SkytellsModels.bySlug(slug)).isInstanceOf(InvalidValueException.class);
  }

  @Test
  void mostImageModelsUseTheParametersOfTheTutorials() {
    assertThat(input("truefusion-pro", ALL_OPTIONS))
        .isEqualTo(
            """
            {"prompt":"a lighthouse at dusk","width":1024,"height":768,"num_inference_steps":30,\
            "negative_prompt":"blurry, watermark, low quality","num_outputs":2,"seed":7}""");
  }

  @Test
  void defaultOptionsAreNotSent() {
    var plain = new ImageOptions(512, 512, 20, new NegativePrompt(""), 1, OptionalLong.empty());

    assertThat(input("truefusion-pro", plain))
        .isEqualTo(
            """
            {"prompt":"a lighthouse at dusk","width":512,"height":512,"num_inference_steps":20}""");
  }

  @Test
  void theLargestSeedIsSentUnchanged() {
    var options =
        new ImageOptions(512, 512, 20, new NegativePrompt(""), 1, OptionalLong.of(0xFFFF_FFFFL));

    assertThat(input("truefusion-pro", options)).endsWith("\"seed\":4294967295}");
  }

  @Test
  void truefusionUsesAspectRatioAndNumberOfImages() {
    assertThat(input("TrueFusion", ALL_OPTIONS))
        .isEqualTo(
            """
            {"prompt":"a lighthouse at dusk","aspect_ratio":"1:1","number_of_images":2}""");
  }

  @ParameterizedTest
  @CsvSource({
    "1024, 1024, 1:1",
    "1024, 768, 1:1",
    "768, 1024, 1:1",
    "1920, 1080, 16:9",
    "1080, 1920, 9:16",
    "1400, 1000, 16:9",
    "1000, 1400, 9:16",
    "2048, 256, 16:9",
    "256, 2048, 9:16",
  })
  void theSizeIsMappedToTheNearestRatio(int width, int height, String ratio) {
    var options =
        new ImageOptions(width, height, 30, NegativePrompt.DEFAULT, 1, OptionalLong.empty());

    assertThat(input("truefusion", options))
        .isEqualTo("{\"prompt\":\"a lighthouse at dusk\",\"aspect_ratio\":\"" + ratio + "\"}");
  }

  @ParameterizedTest
  @CsvSource({
    "truefusion-video-pro, duration_seconds",
    "mera, duration_seconds",
    "sora-2, seconds",
    "Sora-2-Pro, seconds",
  })
  void theDurationParameterDependsOnTheVideoModel(String slug, String name) {
    assertThat(input(slug, new VideoOptions(5)))
        .isEqualTo("{\"prompt\":\"a lighthouse at dusk\",\"" + name + "\":5}");
  }

  private static String input(String slug, GenerationOptions options) {
    return SkytellsModels.input(new GenerationRequest(SkytellsModels.bySlug(slug), PROMPT, options))
        .toString();
  }
}
