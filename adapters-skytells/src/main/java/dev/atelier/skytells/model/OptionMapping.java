package dev.atelier.skytells.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atelier.application.port.InputBuilder.Draft;
import dev.atelier.application.port.InputBuilder.Violation;
import dev.atelier.domain.GenerationOptions;
import dev.atelier.domain.ModelInput;
import dev.atelier.domain.NegativePrompt;
import dev.atelier.skytells.json.SkytellsJson;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Maps the common options to the parameters of a model. An option that the client set must have a
 * counterpart. A default is sent only if the model has the parameter, states no default of its own,
 * and accepts the value.
 */
final class OptionMapping {
  private static final List<String> PROMPT = List.of("prompt");
  private static final List<String> WIDTH = List.of("width");
  private static final List<String> HEIGHT = List.of("height");
  private static final List<String> ASPECT_RATIO = List.of("aspect_ratio");
  private static final List<String> STEPS = List.of("num_inference_steps", "steps");
  private static final List<String> NEGATIVE_PROMPT = List.of("negative_prompt");
  static final List<String> COUNT = List.of("num_outputs", "number_of_images", "n");
  private static final List<String> SEED = List.of("seed");
  static final List<String> DURATION = List.of("duration_seconds", "seconds", "duration");

  private final InputSchema schema;
  private final Draft draft;
  private final ObjectNode input = SkytellsJson.object();
  private final Map<String, String> fields = new HashMap<>();
  private final List<Violation> violations = new ArrayList<>();

  OptionMapping(InputSchema schema, Draft draft) {
    this.schema = schema;
    this.draft = draft;
    GenerationOptions set = draft.options();
    GenerationOptions defaults = GenerationOptions.defaults(draft.model().kind());
    map("prompt", PROMPT, draft.prompt().map(prompt -> prompt.value()), Optional.empty());
    // A missing prompt is reported under the name of the short field.
    fields.put(ModelInput.path("prompt"), "prompt");
    size(set, defaults);
    map(
        "negativePrompt",
        NEGATIVE_PROMPT,
        set.negativePrompt().map(NegativePrompt::value),
        defaults.negativePrompt().map(NegativePrompt::value));
    map(
        "numInferenceSteps",
        STEPS,
        boxed(set.numInferenceSteps()),
        boxed(defaults.numInferenceSteps()));
    map("numOutputs", COUNT, boxed(set.numOutputs()), boxed(defaults.numOutputs()));
    map(
        "seed",
        SEED,
        set.seed().isPresent() ? Optional.of(set.seed().getAsLong()) : Optional.empty(),
        Optional.empty());
    map(
        "durationSeconds",
        DURATION,
        boxed(set.durationSeconds()),
        boxed(defaults.durationSeconds()));
    if (draft.parameters().values().containsKey("prompt")) {
      fields.remove(ModelInput.path("prompt"));
    }
  }

  /** The parameters that the options set. */
  ObjectNode input() {
    return input;
  }

  /** The names of the options, by the paths of the parameters that they set. */
  Map<String, String> fields() {
    return fields;
  }

  List<Violation> violations() {
    return violations;
  }

  /** A model has width and height, or a ratio. */
  private void size(GenerationOptions set, GenerationOptions defaults) {
    boolean pixels = schema.has("width") && schema.has("height");
    boolean chosen = Stream.of("width", "height", "aspect_ratio").anyMatch(this::isParameterSet);
    boolean mapsToRatio = !pixels && schema.has("aspect_ratio");
    GenerationOptions fallback = chosen ? GenerationOptions.NONE : defaults;
    if (!mapsToRatio) {
      map("width", WIDTH, boxed(set.width()), boxed(fallback.width()));
      map("height", HEIGHT, boxed(set.height()), boxed(fallback.height()));
      return;
    }
    boolean isSet = set.width().isPresent() || set.height().isPresent();
    GenerationOptions size = set.orElse(GenerationOptions.IMAGE_DEFAULTS);
    Optional<String> ratio =
        AspectRatio.nearest(
            schema.parameter("aspect_ratio"),
            size.width().orElseThrow(),
            size.height().orElseThrow());
    String field = set.width().isPresent() ? "width" : "height";
    if (isSet && ratio.isEmpty()) {
      violations.add(new Violation(field, notAnOption(ASPECT_RATIO)));
      return;
    }
    map(
        field,
        ASPECT_RATIO,
        isSet ? ratio : Optional.empty(),
        fallback.width().isPresent() ? ratio : Optional.empty());
  }

  private boolean isParameterSet(String name) {
    return draft.parameters().values().containsKey(name);
  }

  /**
   * @param names the parameter is the first of these that the model has
   */
  private void map(String field, List<String> names, Optional<?> set, Optional<?> defaultValue) {
    Optional<String> name = names.stream().filter(schema::has).findFirst();
    if (set.isPresent()) {
      if (name.isEmpty()) {
        violations.add(new Violation(field, notAnOption(names)));
      } else if (isParameterSet(name.get())) {
        violations.add(
            new Violation(ModelInput.path(name.get()), "must not be set together with " + field));
      } else {
        put(field, name.get(), set.get());
      }
    } else if (name.isPresent()
        && defaultValue.isPresent()
        && !isParameterSet(name.get())
        && !schema.parameter(name.get()).has("default")
        && isAccepted(name.get(), defaultValue.get())) {
      put(field, name.get(), defaultValue.get());
    }
  }

  private static String notAnOption(List<String> names) {
    return "is not an option of this model, which has no parameter " + String.join(" or ", names);
  }

  private void put(String field, String name, Object value) {
    input.set(name, converted(name, value));
    fields.put(ModelInput.path(name), field);
  }

  /** Some models take a number as a string, such as {@code "8"} seconds. */
  private JsonNode converted(String name, Object value) {
    JsonNode type = schema.parameter(name).path("type");
    Set<String> types =
        (type.isArray() ? type.valueStream() : Stream.of(type))
            .map(JsonNode::asText)
            .filter(text -> !text.equals("null"))
            .collect(Collectors.toSet());
    return SkytellsJson.toTree(types.equals(Set.of("string")) ? value.toString() : value);
  }

  private boolean isAccepted(String name, Object value) {
    ObjectNode alone = SkytellsJson.object();
    alone.set(name, converted(name, value));
    return schema.validate(alone).stream()
        .noneMatch(violation -> violation.field().equals(ModelInput.path(name)));
  }

  private static Optional<Integer> boxed(OptionalInt value) {
    return value.isPresent() ? Optional.of(value.getAsInt()) : Optional.empty();
  }
}
