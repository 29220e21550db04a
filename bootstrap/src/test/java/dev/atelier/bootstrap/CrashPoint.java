package dev.atelier.bootstrap;

import dev.atelier.application.port.Generations.Work;
import dev.atelier.domain.Generation;
import java.lang.reflect.Method;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A point at which the service is killed: before or after a call of a port. Text form: {@code after
 * Generations.save(Storing)#2}.
 *
 * @param call see {@link #nameOf}
 * @param occurrence counts such calls, from 1
 */
record CrashPoint(Moment moment, String call, int occurrence) {
  /** The system property of {@link CrashingAtelier} with its crash point. */
  static final String PROPERTY = "atelier.crash";

  private static final Pattern SHAPE = Pattern.compile("(before|after) ([^#]+)#([0-9]+)");

  enum Moment {
    BEFORE,
    /** The call has taken effect, but its caller does not know. */
    AFTER
  }

  static CrashPoint parse(String text) {
    Matcher matcher = SHAPE.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("must look like: after Generations.save(Storing)#2");
    }
    return new CrashPoint(
        Moment.valueOf(matcher.group(1).toUpperCase(Locale.ROOT)),
        matcher.group(2),
        Integer.parseInt(matcher.group(3)));
  }

  /**
   * Names a call: port, method and, in parentheses, the state of the generation or the claimed
   * work.
   */
  static String nameOf(Class<?> port, Method method, Object... arguments) {
    String name = port.getSimpleName() + "." + method.getName();
    return Stream.of(arguments)
        .map(CrashPoint::qualifier)
        .flatMap(Optional::stream)
        .findFirst()
        .map(qualifier -> name + "(" + qualifier + ")")
        .orElse(name);
  }

  private static Optional<String> qualifier(Object argument) {
    return switch (argument) {
      case Generation generation -> Optional.of(generation.state().getClass().getSimpleName());
      case Work work -> Optional.of(work.name());
      default -> Optional.empty();
    };
  }

  @Override
  public String toString() {
    return moment.name().toLowerCase(Locale.ROOT) + " " + call + "#" + occurrence;
  }
}
