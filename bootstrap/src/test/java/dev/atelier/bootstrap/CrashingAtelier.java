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
 * The service as {@link Main} wires it, but with short timeouts and optionally a {@link
 * CrashPoint}.
 */
final class CrashingAtelier {
  /** Longer than the first poll interval, so that everything is polled before it fails. */
  private static final RetrySchedule SHORT_TIMEOUTS =
      new RetrySchedule(
          Duration.ofSeconds(14),
          Duration.ofSeconds(30),
          Duration.ofSeconds(30),
          Duration.ofSeconds(30));

  private CrashingAtelier() {}

  public static void main(String[] args) throws InterruptedException {
    System.setProperty("guice_bytecode_gen_option", "DISABLED"); // as Main does
    Optional<CrashInjector> crash =
        Optional.ofNullable(System.getProperty(CrashPoint.PROPERTY))
            .map(CrashPoint::parse)
            .map(CrashInjector::new);
    Atelier atelier =
        Atelier.wire(
            Settings.read(System.getenv()),
            Clock.tick(Clock.systemUTC(), Duration.ofNanos(1000)),
            new SecureRandom(),
            modules ->
                withShortTimeouts(
                    crash.map(injector -> withCrash(modules, injector)).orElse(modules)));
    atelier.start();
    new CountDownLatch(1).await();
  }

  private static Module withShortTimeouts(Module modules) {
    return Modules.override(modules)
        .with(binder -> binder.bind(RetrySchedule.class).toInstance(SHORT_TIMEOUTS));
  }

  /** Decorates every port with the crash. */
  private static Module withCrash(Module modules, CrashInjector crash) {
    return binder -> {
      for (Element element : Elements.getElements(Stage.PRODUCTION, modules)) {
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

  private static <T> void decorate(
      Binder binder, ProviderInstanceBinding<T> binding, CrashInjector crash) {
    Key<T> key = binding.getKey();
    Key<T> originalKey = key.withAnnotation(Names.named("original"));
    binder.bind(originalKey).toProvider(binding.getUserSuppliedProvider());
    Provider<T> original = binder.getProvider(originalKey);
    @SuppressWarnings("unchecked") // the raw type of T, which has no parameters
    var port = (Class<T>) key.getTypeLiteral().getRawType();
    binder.bind(key).toProvider(() -> crash.decorate(port, original.get())).in(Singleton.class);
  }
}
