package dev.atelier.application.generate;

import dev.atelier.domain.AllowedModels;

/**
 * The operator's rules for requests.
 *
 * @param promptMaxLength in characters
 */
public record GenerationRules(AllowedModels models, int promptMaxLength) {}
