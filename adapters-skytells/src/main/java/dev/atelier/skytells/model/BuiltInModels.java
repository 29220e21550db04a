package dev.atelier.skytells.model;

import dev.atelier.domain.Model;
import dev.atelier.skytells.json.SkytellsJson;
import java.util.Locale;
import java.util.Set;

/**
 * What is known about models without asking Skytells, from its courses and SDKs. Unknown models
 * make images and have the parameters of the tutorials. These schemas allow other parameters as
 * well.
 */
public final class BuiltInModels {
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

  private static final Set<String> AUDIO = Set.of("beatfusion-2.0");
  private static final Set<String> WITH_ASPECT_RATIO = Set.of("truefusion", "imagen-3", "imagen-4");
  private static final Set<String> WITH_SECONDS = Set.of("sora-2", "sora-2-pro");

  /** Some models lack {@code num_outputs}, so its default is not sent. */
  private static final InputSchema IMAGE_SCHEMA =
      schema(
          """
          {
            "required": ["prompt"],
            "properties": {
              "prompt": {"type": "string"},
              "width": {"type": "integer"},
              "height": {"type": "integer"},
              "num_inference_steps": {"type": "integer"},
              "negative_prompt": {"type": "string"},
              "num_outputs": {"type": "integer", "default": 1},
              "seed": {"type": "integer"}
            },
            "additionalProperties": true
          }
          """);

  /** Every published schema has these three ratios. */
  private static final InputSchema ASPECT_RATIO_SCHEMA =
      schema(
          """
          {
            "required": ["prompt"],
            "properties": {
              "prompt": {"type": "string"},
              "aspect_ratio": {"type": "string", "enum": ["1:1", "16:9", "9:16"]},
              "number_of_images": {"type": "integer", "default": 1}
            },
            "additionalProperties": true
          }
          """);

  private static final InputSchema DURATION_SCHEMA =
      schema(
          """
          {
            "properties": {
              "prompt": {"type": "string"},
              "duration_seconds": {"type": "integer"}
            },
            "additionalProperties": true
          }
          """);

  private static final InputSchema SECONDS_SCHEMA =
      schema(
          """
          {
            "properties": {"prompt": {"type": "string"}, "seconds": {"type": "integer"}},
            "additionalProperties": true
          }
          """);

  private static final InputSchema AUDIO_SCHEMA =
      schema(
          """
          {
            "required": ["lyrics"],
            "properties": {
              "lyrics": {"type": "string", "minLength": 1, "maxLength": 3500},
              "prompt": {"type": "string", "maxLength": 2000}
            },
            "additionalProperties": true
          }
          """);

  private BuiltInModels() {}

  /** The model with this slug. */
  public static Model bySlug(String slug) {
    return new Model(slug, kind(slug.toLowerCase(Locale.ROOT)));
  }

  private static Model.Kind kind(String slug) {
    if (AUDIO.contains(slug)) {
      return Model.Kind.AUDIO;
    }
    return VIDEO.contains(slug) ? Model.Kind.VIDEO : Model.Kind.IMAGE;
  }

  /** The schema of a model whose published one is unknown. */
  public static InputSchema schema(Model model) {
    String slug = model.slug().toLowerCase(Locale.ROOT);
    return switch (model.kind()) {
      case IMAGE -> WITH_ASPECT_RATIO.contains(slug) ? ASPECT_RATIO_SCHEMA : IMAGE_SCHEMA;
      case VIDEO -> WITH_SECONDS.contains(slug) ? SECONDS_SCHEMA : DURATION_SCHEMA;
      case AUDIO -> AUDIO_SCHEMA;
    };
  }

  private static InputSchema schema(String json) {
    return InputSchema.read(SkytellsJson.parse(json)).orElseThrow();
  }
}
