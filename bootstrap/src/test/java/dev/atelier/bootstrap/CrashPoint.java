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
 * A point at which the service is killed: before or after a call of a port. Written {@code after
 * Generations.save(Storing)#2}.
 *
 * @param call as {@link #nameOf} names it
 * @param occurrence the how manieth such call, from 1
 */
record CrashPoint(Moment moment, String call, int occurrence) {
  /** The system property that tells {@link CrashingAtelier} its point. */
  static final String PROPERTY = "atelier.crash";

  private static final Pattern SHAPE = Pattern.compile("(before|after) ([^#]+)#([0-9]+)");

  /** On which side of the call. */
  enum Moment {
    /** Nothing has been done yet. */
    BEFORE,
    /** It has been done, and nobody knows. */
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
   * Names a call: port, method and, in parentheses, what makes the difference: the state of the
   * generation, or the work that is claimed.
   */
  static String nameOf(Class<?> port, Method method, Object... arguments) {
    String name = port.getSimpleName() + "." + method.getName();
    return Stream.of(arguments)
        .map(CrashPoint::difference)
        .flatMap(Optional::stream)
        .findFirst()
        .map(difference -> name + "(" + difference + ")")
        .orElse(name);
  }

  private static Optional<String> difference(Object argument) {
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
