package dev.atelier.skytells.sandbox.fault;

import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Faults and their numbers. A prompt names them in brackets or braces, {@code [webhook:delay=3]};
 * the service removes angle brackets.
 */
public record SandboxFaults(Map<SandboxFault, Integer> numbers) {
  public static final SandboxFaults NONE = new SandboxFaults(Map.of());

  private static final String TAG = "([a-z]+:[a-z0-9-]+)(?:=([0-9]{1,6}))?";
  private static final Pattern SINGLE_TAG = Pattern.compile(TAG);
  private static final Pattern IN_PROMPT =
      Pattern.compile("\\[" + TAG + "\\]|\\{" + TAG + "\\}", Pattern.CASE_INSENSITIVE);

  public SandboxFaults {
    numbers = Map.copyOf(numbers);
  }

  public static SandboxFaults of(SandboxFault... faults) {
    return of(Stream.of(faults).map(SandboxFault::tag).toList());
  }

  /**
   * Parses tags without brackets.
   *
   * @throws IllegalArgumentException naming the first unknown tag
   */
  public static SandboxFaults of(Collection<String> tags) {
    var numbers = new EnumMap<SandboxFault, Integer>(SandboxFault.class);
    for (String tag : tags) {
      var matcher = SINGLE_TAG.matcher(tag.strip().toLowerCase(Locale.ROOT));
      Optional<SandboxFault> fault = matcher.matches() ? byTag(matcher.group(1)) : Optional.empty();
      if (fault.isEmpty()) {
        throw new IllegalArgumentException("There is no fault '" + tag + "'.");
      }
      String number = matcher.group(2);
      numbers.put(
          fault.get(), number == null ? fault.get().defaultNumber() : Integer.parseInt(number));
    }
    return new SandboxFaults(numbers);
  }

  /**
   * @throws IllegalArgumentException naming the first unknown tag, so that no test passes by a typo
   */
  static SandboxFaults in(String prompt) {
    List<String> tags =
        IN_PROMPT
            .matcher(prompt)
            .results()
            .map(MatchResult::group)
            .map(SandboxFaults::bare)
            .toList();
    return of(tags);
  }

  public static String withoutTags(String prompt) {
    return IN_PROMPT.matcher(prompt).replaceAll(" ").strip();
  }

  public boolean has(SandboxFault fault) {
    return numbers.containsKey(fault);
  }

  public int number(SandboxFault fault) {
    return numbers.getOrDefault(fault, 0);
  }

  /** The numbers of {@code other} win. */
  public SandboxFaults and(SandboxFaults other) {
    var both = new EnumMap<SandboxFault, Integer>(SandboxFault.class);
    both.putAll(numbers);
    both.putAll(other.numbers);
    return new SandboxFaults(both);
  }

  private static String bare(String bracketed) {
    return bracketed.substring(1, bracketed.length() - 1);
  }

  private static Optional<SandboxFault> byTag(String tag) {
    return Stream.of(SandboxFault.values()).filter(fault -> fault.tag().equals(tag)).findFirst();
  }
}
