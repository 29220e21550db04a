package dev.atelier.domain;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The models that clients may request.
 *
 * @param patterns slugs in display order; {@code *} stands for any characters
 * @param defaultModel the slug of the default model; matches a pattern
 */
public record AllowedModels(List<String> patterns, String defaultModel) {
  private static final Pattern SYNTAX = Pattern.compile("[A-Za-z0-9._*-]{1,128}");

  /**
   * @throws IllegalArgumentException for a malformed pattern, or a default model that is not
   *     allowed
   */
  public AllowedModels {
    patterns = List.copyOf(patterns);
    if (patterns.isEmpty()) {
      throw new IllegalArgumentException("must name at least one model");
    }
    for (String pattern : patterns) {
      if (!SYNTAX.matcher(pattern).matches()) {
        throw new IllegalArgumentException(
            "must name models such as truefusion-pro, or patterns such as flux-*");
      }
    }
    if (patterns.stream().noneMatch(pattern -> matches(pattern, defaultModel))) {
      throw new IllegalArgumentException("the default model is not on the allow-list");
    }
  }

  /** Whether clients may request this model. The case is ignored, because Skytells uses both. */
  public boolean allows(String slug) {
    return patterns.stream().anyMatch(pattern -> matches(pattern, slug));
  }

  /** Whether the slug itself is on the list, and not only a pattern that matches it. */
  public boolean names(String slug) {
    return patterns.stream().anyMatch(slug::equalsIgnoreCase);
  }

  /** Whether a pattern names more than one model. */
  public static boolean isWildcard(String pattern) {
    return pattern.indexOf('*') >= 0;
  }

  /** Whether the pattern, which may have wildcards, matches the slug. */
  public static boolean matches(String pattern, String slug) {
    String regex =
        Stream.of(pattern.toLowerCase(Locale.ROOT).split("\\*+", -1))
            .map(Pattern::quote)
            .collect(Collectors.joining(".*"));
    return Pattern.matches(regex, slug.toLowerCase(Locale.ROOT));
  }
}
