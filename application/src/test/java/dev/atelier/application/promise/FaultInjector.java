package dev.atelier.application.promise;

import dev.atelier.application.port.Outputs.Fetch;
import dev.atelier.application.port.Predictions.Submission;
import dev.atelier.application.port.Predictions.Unavailable;
import dev.atelier.application.port.UnavailableException;
import dev.atelier.application.promise.Step.Fault;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Wraps the ports of one instance and injects a fault into a chosen call. After a crash every call
 * fails.
 */
final class FaultInjector {
  private final Consumer<Step> world;
  private Optional<Step.InjectFault> pending = Optional.empty();
  private int callsLeft;
  private boolean crashed;
  private boolean injected;

  FaultInjector(Consumer<Step> world) {
    this.world = world;
  }

  void inject(Step.InjectFault next) {
    pending = Optional.of(next);
    callsLeft = next.calls();
  }

  void clear() {
    pending = Optional.empty();
  }

  boolean isCrashed() {
    return crashed;
  }

  /** Whether a fault was injected since the last call. */
  boolean takeInjected() {
    boolean result = injected;
    injected = false;
    return result;
  }

  <P> P wrap(Class<P> port, P real) {
    return port.cast(
        Proxy.newProxyInstance(
            port.getClassLoader(),
            new Class<?>[] {port},
            (_, method, arguments) -> call(method, real, arguments)));
  }

  private @Nullable Object call(Method method, Object real, Object @Nullable [] arguments)
      throws Throwable {
    Optional<Fault> fault = next();
    before(fault);
    Object result;
    try {
      result = method.invoke(real, arguments);
    } catch (InvocationTargetException e) {
      throw e.getTargetException();
    }
    if (fault.orElse(null) instanceof Fault.ReplyLost) {
      return replyLost(method);
    }
    after(fault);
    return result instanceof Fetch.Content content
        ? new Fetch.Content(content.type(), new FaultyStream(content.bytes()))
        : result;
  }

  private Optional<Fault> next() {
    requireRunning();
    if (pending.isEmpty() || callsLeft-- > 0) {
      return Optional.empty();
    }
    Optional<Fault> fault = pending.map(Step.InjectFault::fault);
    pending = Optional.empty();
    injected = true;
    return fault;
  }

  private void before(Optional<Fault> fault) {
    if (fault.orElse(null) instanceof Fault.Meanwhile meanwhile) {
      world.accept(meanwhile.step());
      requireRunning();
    }
    if (fault.orElse(null) instanceof Fault.CrashBefore) {
      crashed = true;
      requireRunning();
    }
  }

  private void after(Optional<Fault> fault) {
    if (fault.orElse(null) instanceof Fault.CrashAfter) {
      crashed = true;
    }
    requireRunning();
  }

  private void requireRunning() {
    if (crashed) {
      throw new Crash();
    }
  }

  /** How each port reports that the outcome is unknown. */
  private static Object replyLost(Method method) {
    if (method.getReturnType() == Submission.class) {
      return new Submission.Unconfirmed("reply lost");
    }
    if (method.getReturnType() == Fetch.class) {
      return new Fetch.Unavailable("reply lost");
    }
    if (method.getReturnType().isAssignableFrom(Unavailable.class)
        && method.getReturnType() != Object.class) {
      return new Unavailable(Unavailable.Extent.CALL, Optional.empty());
    }
    throw new UnavailableException("reply lost", new IOException("scripted"));
  }

  /** Every read counts as a call. */
  private final class FaultyStream extends FilterInputStream {
    private FaultyStream(InputStream bytes) {
      super(bytes);
    }

    @Override
    public int read() throws IOException {
      Optional<Fault> fault = fault();
      int read = super.read();
      after(fault);
      return read;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      Optional<Fault> fault = fault();
      int read = super.read(into, offset, length);
      after(fault);
      return read;
    }

    private Optional<Fault> fault() throws IOException {
      Optional<Fault> fault = next();
      before(fault);
      if (fault.orElse(null) instanceof Fault.ReplyLost) {
        throw new IOException("connection lost");
      }
      return fault;
    }
  }
}
