package dev.atelier.application.promise;

import dev.atelier.application.port.Outputs.Fetch;
import dev.atelier.application.port.Predictions.Submission;
import dev.atelier.application.port.Predictions.Unavailable;
import dev.atelier.application.port.UnavailableException;
import dev.atelier.application.promise.Step.Surprise;
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
 * Stands before the ports of one instance, and lets something happen in the midst of a chosen call.
 * After a crash no call gets through any more: the process that would make it is gone.
 */
final class Surprises {
  private final Consumer<Step> world;
  private Optional<Step.Ambush> ambush = Optional.empty();
  private int callsLeft;
  private boolean dead;
  private boolean sprung;

  Surprises(Consumer<Step> world) {
    this.world = world;
  }

  void lay(Step.Ambush next) {
    ambush = Optional.of(next);
    callsLeft = next.calls();
  }

  void clear() {
    ambush = Optional.empty();
  }

  boolean isDead() {
    return dead;
  }

  /** Whether something has happened since this was last asked. */
  boolean sprung() {
    boolean result = sprung;
    sprung = false;
    return result;
  }

  <P> P in(Class<P> port, P real) {
    return port.cast(
        Proxy.newProxyInstance(
            port.getClassLoader(),
            new Class<?>[] {port},
            (_, method, arguments) -> call(method, real, arguments)));
  }

  private @Nullable Object call(Method method, Object real, Object @Nullable [] arguments)
      throws Throwable {
    Optional<Surprise> surprise = next();
    before(surprise);
    Object result;
    try {
      result = method.invoke(real, arguments);
    } catch (InvocationTargetException e) {
      throw e.getTargetException();
    }
    if (surprise.orElse(null) instanceof Surprise.ReplyLost) {
      return replyLost(method);
    }
    after(surprise);
    return result instanceof Fetch.Content content
        ? new Fetch.Content(content.type(), new SurprisingStream(content.bytes()))
        : result;
  }

  private Optional<Surprise> next() {
    requireAlive();
    if (ambush.isEmpty() || callsLeft-- > 0) {
      return Optional.empty();
    }
    Optional<Surprise> surprise = ambush.map(Step.Ambush::surprise);
    ambush = Optional.empty();
    sprung = true;
    return surprise;
  }

  private void before(Optional<Surprise> surprise) {
    if (surprise.orElse(null) instanceof Surprise.Meanwhile meanwhile) {
      world.accept(meanwhile.step());
      requireAlive();
    }
    if (surprise.orElse(null) instanceof Surprise.CrashBefore) {
      dead = true;
      requireAlive();
    }
  }

  private void after(Optional<Surprise> surprise) {
    if (surprise.orElse(null) instanceof Surprise.CrashAfter) {
      dead = true;
    }
    requireAlive();
  }

  private void requireAlive() {
    if (dead) {
      throw new Crash();
    }
  }

  /** How each port says that it cannot tell what happened. */
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

  /** Each read is a call. */
  private final class SurprisingStream extends FilterInputStream {
    private SurprisingStream(InputStream bytes) {
      super(bytes);
    }

    @Override
    public int read() throws IOException {
      Optional<Surprise> surprise = surprise();
      int read = super.read();
      after(surprise);
      return read;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      Optional<Surprise> surprise = surprise();
      int read = super.read(into, offset, length);
      after(surprise);
      return read;
    }

    private Optional<Surprise> surprise() throws IOException {
      Optional<Surprise> surprise = next();
      before(surprise);
      if (surprise.orElse(null) instanceof Surprise.ReplyLost) {
        throw new IOException("broke off");
      }
      return surprise;
    }
  }
}
