package dev.atelier.bootstrap;

import dev.atelier.bootstrap.CrashPoint.Moment;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Stands around ports, and kills the process at its point. What the sweep takes counts from the
 * first save on: before it there is nothing to take.
 */
final class Crash {
  /** What the process ends with; nothing else in it does. */
  static final int EXIT_STATUS = 86;

  private static final Pattern SWEEP =
      Pattern.compile("Generations\\.claim.*|PollingLease\\..*|BlobSpool\\.claim");
  private static final String SAVE = "Generations.save";
  private static final Object[] NONE = {};

  private final CrashPoint point;
  private final AtomicInteger reached = new AtomicInteger();
  private volatile boolean saved;

  Crash(CrashPoint point) {
    this.point = point;
  }

  /** The port, with a fuse. */
  <T> T around(Class<T> port, T plain) {
    return port.cast(
        Proxy.newProxyInstance(
            port.getClassLoader(),
            new Class<?>[] {port},
            (_, method, arguments) -> call(port, plain, method, arguments)));
  }

  private @Nullable Object call(
      Class<?> port, Object plain, Method method, Object @Nullable [] arguments) throws Throwable {
    String call = CrashPoint.nameOf(port, method, arguments == null ? NONE : arguments);
    pass(Moment.BEFORE, call);
    Object result;
    try {
      result = method.invoke(plain, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
    if (!hasTakenNothing(result)) {
      pass(Moment.AFTER, call);
    }
    return result;
  }

  /** A call of the sweep that found nothing has had no effect. */
  private static boolean hasTakenNothing(@Nullable Object result) {
    return List.of().equals(result)
        || Optional.empty().equals(result)
        || Boolean.FALSE.equals(result);
  }

  @SuppressWarnings("SystemOut") // the last words of a process that is not given time to log
  private void pass(Moment moment, String call) {
    saved = saved || call.startsWith(SAVE);
    if ((saved || !SWEEP.matcher(call).matches())
        && moment == point.moment()
        && call.equals(point.call())
        && reached.incrementAndGet() == point.occurrence()) {
      System.out.println("crashing " + point);
      Runtime.getRuntime().halt(EXIT_STATUS);
    }
  }
}
