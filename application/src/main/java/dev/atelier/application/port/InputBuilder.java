package dev.atelier.application.port;

import dev.atelier.domain.GenerationOptions;
import dev.atelier.domain.Model;
import dev.atelier.domain.ModelInput;
import dev.atelier.domain.Prompt;
import dev.atelier.domain.Quantity;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Translates a request into the parameters of its model, and checks them by the schema that
 * Skytells publishes. Without a usable schema it checks only what is known to be wrong, so that an
 * unreachable Skytells blocks no generation.
 */
public interface InputBuilder {
  Result build(Draft draft);

  /**
   * A request before translation.
   *
   * @param options as the client set them, without defaults
   * @param parameters as the client set them
   * @param filePaths the paths in {@code parameters} that name stored files
   */
  record Draft(
      Model model,
      Optional<Prompt> prompt,
      GenerationOptions options,
      ModelInput parameters,
      Set<String> filePaths) {}

  sealed interface Result {
    /**
     * What to send.
     *
     * @param expected what the model will produce
     */
    record Built(ModelInput input, Quantity expected) implements Result {}

    /** The model does not accept this. */
    record Rejected(List<Violation> violations) implements Result {}
  }

  /**
   * One violation.
   *
   * @param field the name in JSON: that of an option, or the path of a parameter
   * @param message the rule; never the value
   */
  record Violation(String field, String message) {}
}
