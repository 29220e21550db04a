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
 * What is known of Skytells' models beforehand: what each makes, and under which names it takes the
 * options of a request. A model that is not in the tables makes pictures and takes the names that
 * the tutorials use.
 */
public final class SkytellsModels {
  /** The video models of the course on them and of the TypeScript SDK. */
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

  /** Image models whose published schema is a prompt, an aspect ratio and little more. */
  private static final Set<String> TAKES_ASPECT_RATIO =
      Set.of("truefusion", "imagen-3", "imagen-4");

  /** Video models that call their duration {@code seconds}. */
  private static final Set<String> TAKES_SECONDS = Set.of("sora-2", "sora-2-pro");

  private SkytellsModels() {}

  /**
   * The model of that slug.
   *
   * @param slug bare, or with the vendor's name in front ({@code skytells/truefusion-pro}), which
   *     is left out
   * @throws dev.atelier.domain.InvalidValueException when it cannot be a slug
   */
  public static Model bySlug(String slug) {
    String bare = bare(slug);
    return new Model(bare, containsSlug(VIDEO, bare) ? Model.Kind.VIDEO : Model.Kind.IMAGE);
  }

  /** A slug without its vendor. */
  public static String bare(String slug) {
    return slug.substring(slug.indexOf('/') + 1);
  }

  /** The {@code input} of a create call, under the names that the model knows. */
  public static ObjectNode input(GenerationRequest request) {
    String slug = request.model().slug();
    ObjectNode input = SkytellsJson.object().put("prompt", request.prompt().value());
    switch (request.options()) {
      case ImageOptions options when containsSlug(TAKES_ASPECT_RATIO, slug) -> {
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
              containsSlug(TAKES_SECONDS, slug) ? "seconds" : "duration_seconds",
              options.durationSeconds());
    }
    return input;
  }

  /** One is every model's default, and not every model knows the parameter. */
  private static void putCount(ObjectNode input, String name, ImageOptions options) {
    if (options.numOutputs() > 1) {
      input.put(name, options.numOutputs());
    }
  }

  /** The nearest of the three ratios that every published form of the schema lists. */
  private static String aspectRatio(ImageOptions options) {
    double ratio = Math.log((double) options.width() / options.height());
    double halfWay = Math.log(16.0 / 9) / 2;
    return ratio > halfWay ? "16:9" : ratio < -halfWay ? "9:16" : "1:1";
  }

  private static boolean containsSlug(Set<String> slugs, String slug) {
    return slugs.contains(slug.toLowerCase(Locale.ROOT));
  }
}
