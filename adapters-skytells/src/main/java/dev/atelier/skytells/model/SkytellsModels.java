package dev.atelier.skytells.model;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atelier.domain.GenerationRequest;
import dev.atelier.domain.ImageOptions;
import dev.atelier.domain.Model;
import dev.atelier.domain.VideoOptions;
import dev.atelier.skytells.json.SkytellsJson;
import java.util.Locale;
import java.util.Set;

/**
 * Kinds of Skytells' models and names of their parameters. Unknown models make images and have the
 * parameters of the tutorials.
 */
public final class SkytellsModels {
  /** From the video course and the TypeScript SDK. */
  private static final Set<String> VIDEO =
      Set.of(
          "truefusion-video",
          "truefusion-video-pro",
          "mera",
          "lumo",
          "lipfusion",
          "veo-3.1",
          "veo-3.1-fast",
          "sora-2",
          "sora-2-pro");

  private static final Set<String> WITH_ASPECT_RATIO = Set.of("truefusion", "imagen-3", "imagen-4");

  private static final Set<String> WITH_SECONDS = Set.of("sora-2", "sora-2-pro");

  private SkytellsModels() {}

  /**
   * Reads a slug.
   *
   * @param slug may have a vendor: {@code skytells/truefusion-pro}
   * @throws dev.atelier.domain.InvalidValueException if it is invalid
   */
  public static Model bySlug(String slug) {
    String bare = bare(slug);
    return new Model(bare, containsSlug(VIDEO, bare) ? Model.Kind.VIDEO : Model.Kind.IMAGE);
  }

  public static String bare(String slug) {
    return slug.substring(slug.indexOf('/') + 1);
  }

  /** The {@code input} of a create call. */
  public static ObjectNode input(GenerationRequest request) {
    String slug = request.model().slug();
    ObjectNode input = SkytellsJson.object().put("prompt", request.prompt().value());
    switch (request.options()) {
      case ImageOptions options when containsSlug(WITH_ASPECT_RATIO, slug) -> {
        input.put("aspect_ratio", aspectRatio(options));
        putCount(input, "number_of_images", options);
      }
      case ImageOptions options -> {
        input
            .put("width", options.width())
            .put("height", options.height())
            .put("num_inference_steps", options.numInferenceSteps());
        if (!options.negativePrompt().value().isEmpty()) {
          input.put("negative_prompt", options.negativePrompt().value());
        }
        putCount(input, "num_outputs", options);
        options.seed().ifPresent(seed -> input.put("seed", seed));
      }
      case VideoOptions options ->
          input.put(
              containsSlug(WITH_SECONDS, slug) ? "seconds" : "duration_seconds",
              options.durationSeconds());
    }
    return input;
  }

  /** Some models lack the parameter; one is the default. */
  private static void putCount(ObjectNode input, String name, ImageOptions options) {
    if (options.numOutputs() > 1) {
      input.put(name, options.numOutputs());
    }
  }

  /** Every published schema has these three ratios. */
  private static String aspectRatio(ImageOptions options) {
    double ratio = Math.log((double) options.width() / options.height());
    double halfWay = Math.log(16.0 / 9) / 2;
    return ratio > halfWay ? "16:9" : ratio < -halfWay ? "9:16" : "1:1";
  }

  private static boolean containsSlug(Set<String> slugs, String slug) {
    return slugs.contains(slug.toLowerCase(Locale.ROOT));
  }
}
