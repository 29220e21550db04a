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
 * Built-in knowledge about Skytells' models: their kind and the names of their parameters. A model
 * that is not in the tables makes images and has the parameter names of the tutorials.
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

  /** Their published schema has an aspect ratio instead of a size. */
  private static final Set<String> WITH_ASPECT_RATIO = Set.of("truefusion", "imagen-3", "imagen-4");

  /** Their duration is {@code seconds}. */
  private static final Set<String> WITH_SECONDS = Set.of("sora-2", "sora-2-pro");

  private SkytellsModels() {}

  /**
   * @param slug with or without the vendor, as in {@code skytells/truefusion-pro}
   * @throws dev.atelier.domain.InvalidValueException if it is not a valid slug
   */
  public static Model bySlug(String slug) {
    String bare = bare(slug);
    return new Model(bare, containsSlug(VIDEO, bare) ? Model.Kind.VIDEO : Model.Kind.IMAGE);
  }

  /** Removes the vendor from a slug. */
  public static String bare(String slug) {
    return slug.substring(slug.indexOf('/') + 1);
  }

  /** The {@code input} of a create call, with the parameter names of the model. */
  public static ObjectNode input(GenerationRequest request) {
    String slug = request.model().slug();
    ObjectNode input = SkytellsJson.object().put("prompt", request.prompt().value());
    switch (request.generationOptions()) {
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

  /** Omits the default of one, since some models do not have the parameter. */
  private static void putCount(ObjectNode input, String name, ImageOptions options) {
    if (options.numOutputs() > 1) {
      input.put(name, options.numOutputs());
    }
  }

  /** The nearest of the three ratios that every published schema has. */
  private static String aspectRatio(ImageOptions options) {
    double ratio = Math.log((double) options.width() / options.height());
    double halfWay = Math.log(16.0 / 9) / 2;
    return ratio > halfWay ? "16:9" : ratio < -halfWay ? "9:16" : "1:1";
  }

  private static boolean containsSlug(Set<String> slugs, String slug) {
    return slugs.contains(slug.toLowerCase(Locale.ROOT));
  }
}
