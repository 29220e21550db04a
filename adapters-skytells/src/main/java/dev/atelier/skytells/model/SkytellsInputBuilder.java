package dev.atelier.skytells.model;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atelier.application.port.InputBuilder;
import dev.atelier.domain.Model;
import dev.atelier.domain.ModelInput;
import dev.atelier.skytells.json.SkytellsJson;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Map;
import java.util.function.Function;

/**
 * Builds the {@code input} of a create call by the model's schema. A failure of the validator
 * itself never blocks a generation: Skytells validates as well.
 */
public final class SkytellsInputBuilder implements InputBuilder {
  private static final int MAX_VIOLATIONS = 100;

  private final Function<Model, InputSchema> schemas;

  /**
   * @param schemas the last known schema of a model
   */
  public SkytellsInputBuilder(Function<Model, InputSchema> schemas) {
    this.schemas = schemas;
  }

  @Override
  public Result build(Draft draft) {
    InputSchema schema = schemas.apply(draft.model());
    var options = new OptionMapping(schema, draft);
    var violations = new ArrayList<>(options.violations());
    ObjectNode input = options.input();
    draft
        .parameters()
        .values()
        .forEach((name, value) -> input.set(name, SkytellsJson.toTree(value)));
    Map<String, String> fields = options.fields();
    var reported = new HashSet<String>();
    violations.forEach(violation -> reported.add(violation.field()));
    for (Violation violation : schema.validate(input)) {
      String field = fields.getOrDefault(violation.field(), violation.field());
      if (reported.add(field)) {
        violations.add(new Violation(field, violation.message()));
      }
    }
    for (Violation violation : new UrlParameters(schema, draft.filePaths()).validate(input)) {
      if (reported.add(violation.field())) {
        violations.add(violation);
      }
    }
    return violations.isEmpty()
        ? new Result.Built(
            new ModelInput(SkytellsJson.toMap(input)), ExpectedQuantity.of(schema, input))
        : new Result.Rejected(violations.stream().limit(MAX_VIOLATIONS).toList());
  }
}
