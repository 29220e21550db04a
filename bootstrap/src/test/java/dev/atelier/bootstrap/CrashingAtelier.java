package dev.atelier.bootstrap;

import com.google.inject.Binder;
import com.google.inject.Key;
import com.google.inject.Module;
import com.google.inject.Provider;
import com.google.inject.Singleton;
import com.google.inject.Stage;
import com.google.inject.name.Names;
import com.google.inject.spi.Element;
import com.google.inject.spi.Elements;
import com.google.inject.spi.ProviderInstanceBinding;
import com.google.inject.util.Modules;
import dev.atelier.application.port.Generations;
import dev.atelier.application.settle.RetrySchedule;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/**
 * The service, wired as {@link Main} wires it, with two differences: it gives up sooner, since a
 * test cannot wait a quarter of an hour for an end; and it may be told a {@link CrashPoint}.
 */
final class CrashingAtelier {
  /** Longer than the first look at what is unfinished, so that everything is looked for first. */
  private static final RetrySchedule IMPATIENT =
      new RetrySchedule(Duration.ofSeconds(14), Duration.ofSeconds(30), Duration.ofSeconds(30));

  private CrashingAtelier() {}

  public static void main(String[] args) throws InterruptedException {
    System.setProperty("guice_bytecode_gen_option", "DISABLED"); // as Main does
    Optional<Crash> crash =
        Optional.ofNullable(System.getProperty(CrashPoint.PROPERTY))
            .map(CrashPoint::parse)
            .map(Crash::new);
    Atelier atelier =
        Atelier.wire(
            Settings.read(System.getenv()),
            Clock.tick(Clock.systemUTC(), Duration.ofNanos(1000)),
            new SecureRandom(),
            plain -> impatient(crash.map(fuse -> crashing(plain, fuse)).orElse(plain)));
    atelier.start();
    new CountDownLatch(1).await();
  }

  private static Module impatient(Module plain) {
    return Modules.override(plain)
        .with(binder -> binder.bind(RetrySchedule.class).toInstance(IMPATIENT));
  }

  /** The same bindings, but with the crash around every port. */
  private static Module crashing(Module plain, Crash crash) {
    return binder -> {
      for (Element element : Elements.getElements(Stage.PRODUCTION, plain)) {
        if (element instanceof ProviderInstanceBinding<?> binding && isPort(binding.getKey())) {
          decorate(binder, binding, crash);
        } else {
          element.applyTo(binder);
        }
      }
    };
  }

  private static boolean isPort(Key<?> key) {
    Class<?> type = key.getTypeLiteral().getRawType();
    return key.getAnnotationType() == null
        && type.isInterface()
        && type.getPackage().equals(Generations.class.getPackage());
  }

  private static <T> void decorate(Binder binder, ProviderInstanceBinding<T> binding, Crash crash) {
    Key<T> key = binding.getKey();
    Key<T> plainKey = key.withAnnotation(Names.named("plain"));
    binder.bind(plainKey).toProvider(binding.getUserSuppliedProvider());
    Provider<T> plain = binder.getProvider(plainKey);
    @SuppressWarnings("unchecked") // the raw type of T, which has no parameters
    var port = (Class<T>) key.getTypeLiteral().getRawType();
    binder.bind(key).toProvider(() -> crash.around(port, plain.get())).in(Singleton.class);
  }
}
