package dev.atelier.domain;

import java.util.List;
import java.util.stream.Collectors;

/**
 * The models that may be asked for, and the one that is taken when none is named.
 *
 * @param models the allow-list, in the order it is shown
 * @param standard the default; one of {@code models}
 */
public record AllowedModels(List<Model> models, Model standard) {
  /**
   * @throws IllegalArgumentException when the default is not on the list
   */
  public AllowedModels {
    models = List.copyOf(models);
    if (!models.contains(standard)) {
      throw new IllegalArgumentException("the default model is not on the allow-list");
    }
  }

  /**
   * The allowed model of that name; upper and lower case are the same, since Skytells writes both.
   *
   * @throws InvalidValueException naming {@code model} and listing what is allowed
   */
  public Model named(String slug) {
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
