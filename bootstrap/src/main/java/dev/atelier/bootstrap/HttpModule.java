package dev.atelier.bootstrap;

import com.google.inject.AbstractModule;
import com.google.inject.Provides;
import com.google.inject.Singleton;
import dev.atelier.application.CancelGeneration;
import dev.atelier.application.CheckReadiness;
import dev.atelier.application.DeleteGeneration;
import dev.atelier.application.GenerateImage;
import dev.atelier.application.GetOutput;
import dev.atelier.application.GetStatus;
import dev.atelier.application.HandleWebhook;
import dev.atelier.application.ListGenerations;
import dev.atelier.application.ListModels;
import dev.atelier.application.RequestRules;
import dev.atelier.application.Sweep;
import dev.atelier.application.WatchGeneration;
import dev.atelier.application.port.Census;
import dev.atelier.http.HttpServer;
import dev.atelier.http.HttpSettings;
import dev.atelier.http.Metrics;
import dev.atelier.http.UseCases;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;

/** Binds the HTTP server. */
final class HttpModule extends AbstractModule {
  /** Shorter than the idle timeout of proxies, which is usually one minute. */
  private static final Duration HEARTBEAT = Duration.ofSeconds(15);

  private static final Duration CLOSE_WITHIN = Duration.ofSeconds(3);

  /** Timeout for slow clients, when reading a request and when writing a response. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Settings settings;
  private final SecureRandom random;

  HttpModule(Settings settings, SecureRandom random) {
    this.settings = settings;
    this.random = random;
  }

  @Provides
  @Singleton
  Metrics metrics(Census census, Clock clock) {
    return new Metrics(census, clock);
  }

  @Provides
  @Singleton
  HttpServer server(
      GenerateImage generateImage,
      HandleWebhook handleWebhook,
      GetStatus getStatus,
      WatchGeneration watchGeneration,
      GetOutput getOutput,
      ListGenerations listGenerations,
      CancelGeneration cancelGeneration,
      DeleteGeneration deleteGeneration,
      ListModels listModels,
      CheckReadiness checkReadiness,
      Sweep sweep,
      RequestRules rules,
      Metrics metrics,
      Clock clock) {
    return new HttpServer(
        new HttpSettings(
            settings.port(),
            settings.appUrl(),
            settings.internalKey(),
            settings.access(),
            settings.activeLimit(),
            HEARTBEAT,
            PATIENCE,
            CLOSE_WITHIN),
        new UseCases(
            generateImage,
            handleWebhook,
            getStatus,
            watchGeneration,
            getOutput,
            listGenerations,
            cancelGeneration,
            deleteGeneration,
            listModels,
            checkReadiness,
            sweep),
        rules,
        metrics,
        () -> HexFormat.of().toHexDigits(random.nextLong()),
        random::nextLong,
        clock);
  }
}
