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
 * Decorates ports and halts the process at its crash point. Ignores calls of the sweep before the
 * first save or delete, since it finds nothing until then.
 */
final class CrashInjector {
  /** Used by nothing else in the process. */
  static final int EXIT_STATUS = 86;

  private static final Pattern SWEEP =
      Pattern.compile(
          "Generations\\.claim.*|PollingLease\\..*|BlobSpool\\.claim|Uploads\\.claimToRemove");
  private static final Pattern SAVE = Pattern.compile("Generations\\.save.*|Uploads\\.delete");
  private static final Object[] NO_ARGUMENTS = {};

  private final CrashPoint point;
  private final AtomicInteger reached = new AtomicInteger();
  private volatile boolean saved;

  CrashInjector(CrashPoint point) {
    this.point = point;
  }

  <T> T decorate(Class<T> port, T original) {
    return port.cast(
        Proxy.newProxyInstance(
            port.getClassLoader(),
            new Class<?>[] {port},
            (_, method, arguments) -> call(port, original, method, arguments)));
  }

  private @Nullable Object call(
      Class<?> port, Object original, Method method, Object @Nullable [] arguments)
      throws Throwable {
    String call = CrashPoint.nameOf(port, method, arguments == null ? NO_ARGUMENTS : arguments);
    haltIfReached(Moment.BEFORE, call);
    Object result;
    try {
      result = method.invoke(original, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
    if (!foundNothing(result)) {
      haltIfReached(Moment.AFTER, call);
    }
    return result;
  }

  /** A call that found nothing had no effect. */
  private static boolean foundNothing(@Nullable Object result) {
    return List.of().equals(result)
        || Optional.empty().equals(result)
        || Boolean.FALSE.equals(result);
  }

  @SuppressWarnings("SystemOut") // the process halts before it could log
  private void haltIfReached(Moment moment, String call) {
    saved = saved || SAVE.matcher(call).matches();
    if ((saved || !SWEEP.matcher(call).matches())
        && moment == point.moment()
        && call.equals(point.call())
        && reached.incrementAndGet() == point.occurrence()) {
      System.out.println("crashing " + point);
      Runtime.getRuntime().halt(EXIT_STATUS);
    }
  }
}
