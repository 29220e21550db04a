package dev.atelier.domain;

import java.util.List;
import java.util.stream.Collectors;

/** The models that clients may request, in display order, and the default model among them. */
public record AllowedModels(List<Model> models, Model defaultModel) {
  public AllowedModels {
    models = List.copyOf(models);
    if (!models.contains(defaultModel)) {
      throw new IllegalArgumentException("the default model is not on the allow-list");
    }
  }

  /**
   * Finds an allowed model by name. The case is ignored, because Skytells uses both.
   *
   * @throws InvalidValueException if the model is not allowed
   */
  public Model bySlug(String slug) {
    return models.stream()
        .filter(model -> model.slug().equalsIgnoreCase(slug))
        .findFirst()
        .orElseThrow(
            () ->
                new InvalidValueException(
                    "model",
                    models.stream()
                        .map(Model::slug)
                        .collect(Collectors.joining(", ", "must be one of ", ""))));
  }
}
