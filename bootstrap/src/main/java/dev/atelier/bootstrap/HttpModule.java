package dev.atelier.bootstrap;

import com.google.inject.AbstractModule;
import com.google.inject.Provides;
import com.google.inject.Singleton;
import dev.atelier.application.cancel.CancelGeneration;
import dev.atelier.application.cancel.DeleteGeneration;
import dev.atelier.application.generate.CreateGeneration;
import dev.atelier.application.generate.GenerationRules;
import dev.atelier.application.health.CheckReadiness;
import dev.atelier.application.port.BacklogMetrics;
import dev.atelier.application.port.FileLinks;
import dev.atelier.application.query.GetOutput;
import dev.atelier.application.query.GetStatus;
import dev.atelier.application.query.GetUsage;
import dev.atelier.application.query.ListGenerations;
import dev.atelier.application.query.ListModels;
import dev.atelier.application.subscribe.SubscribeToGeneration;
import dev.atelier.application.sweep.Sweep;
import dev.atelier.application.upload.CreateUpload;
import dev.atelier.application.upload.DeleteUpload;
import dev.atelier.application.upload.GetUpload;
import dev.atelier.application.webhook.HandleWebhook;
import dev.atelier.http.auth.LinkSigner;
import dev.atelier.http.metrics.Metrics;
import dev.atelier.http.route.Links;
import dev.atelier.http.route.StoredFileLinks;
import dev.atelier.http.server.HttpServer;
import dev.atelier.http.server.HttpSettings;
import dev.atelier.http.server.UseCases;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;

/** Binds the HTTP server. */
final class HttpModule extends AbstractModule {
  /** Shorter than the idle timeout of proxies, which is usually one minute. */
  private static final Duration HEARTBEAT = Duration.ofSeconds(15);

  private static final Duration SHUTDOWN_TIMEOUT = Duration.ofSeconds(3);

  /** Timeout for slow clients, when reading a request and when writing a response. */
  private static final Duration CLIENT_TIMEOUT = Duration.ofSeconds(30);

  private final Settings settings;
  private final SecureRandom random;

  HttpModule(Settings settings, SecureRandom random) {
    this.settings = settings;
    this.random = random;
  }

  @Provides
  @Singleton
  Metrics metrics(BacklogMetrics backlogMetrics, Clock clock) {
    return new Metrics(backlogMetrics, clock);
  }

  @Provides
  @Singleton
  FileLinks fileLinks(Clock clock) {
    Optional<LinkSigner> signer =
        settings.accessSettings().links().map(signing -> new LinkSigner(signing, clock));
    return new StoredFileLinks(new Links(settings.appUrl(), signer), settings.isReachable());
  }

  @Provides
  @Singleton
  HttpServer server(
      CreateGeneration createGeneration,
      HandleWebhook handleWebhook,
      GetStatus getStatus,
      SubscribeToGeneration subscribeToGeneration,
      GetOutput getOutput,
      ListGenerations listGenerations,
      CancelGeneration cancelGeneration,
      DeleteGeneration deleteGeneration,
      ListModels listModels,
      GetUsage getUsage,
      CreateUpload createUpload,
      GetUpload getUpload,
      DeleteUpload deleteUpload,
      CheckReadiness checkReadiness,
      Sweep sweep,
      GenerationRules rules,
      Metrics metrics,
      Clock clock) {
    return new HttpServer(
        new HttpSettings(
            settings.port(),
            settings.appUrl(),
            settings.internalKey(),
            settings.accessSettings(),
            settings.activeLimit(),
            settings.uploads().maxBytes(),
            HEARTBEAT,
            CLIENT_TIMEOUT,
            SHUTDOWN_TIMEOUT),
        new UseCases(
            createGeneration,
            handleWebhook,
            getStatus,
            subscribeToGeneration,
            getOutput,
            listGenerations,
            cancelGeneration,
            deleteGeneration,
            listModels,
            getUsage,
            createUpload,
            getUpload,
            deleteUpload,
            checkReadiness,
            sweep),
        rules,
        metrics,
        () -> HexFormat.of().toHexDigits(random.nextLong()),
        random::nextLong,
        clock);
  }
}
