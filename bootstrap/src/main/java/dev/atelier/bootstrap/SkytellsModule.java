package dev.atelier.bootstrap;

import com.google.inject.AbstractModule;
import com.google.inject.Provides;
import com.google.inject.Singleton;
import dev.atelier.application.port.InputBuilder;
import dev.atelier.application.port.ModelCatalog;
import dev.atelier.application.port.Outputs;
import dev.atelier.application.port.Predictions;
import dev.atelier.application.port.PublishedModels;
import dev.atelier.application.port.Webhooks;
import dev.atelier.skytells.client.SkytellsClient;
import dev.atelier.skytells.client.SkytellsModelCatalog;
import dev.atelier.skytells.client.SkytellsSettings;
import dev.atelier.skytells.model.SkytellsInputBuilder;
import dev.atelier.skytells.output.OutputLimits;
import dev.atelier.skytells.output.SkytellsOutputs;
import dev.atelier.skytells.webhook.SkytellsWebhooks;
import java.time.Clock;
import java.util.concurrent.ExecutorService;

/** Binds the Skytells adapters; the sandbox differs only in its URL. */
final class SkytellsModule extends AbstractModule {
  private final Settings settings;
  private final Settings.Skytells skytells;

  SkytellsModule(Settings settings) {
    this.settings = settings;
    this.skytells = settings.skytells().orElseThrow();
  }

  @Provides
  @Singleton
  SkytellsClient client(Clock clock) {
    return new SkytellsClient(
        SkytellsSettings.of(
            skytells.baseUrl(), skytells.apiKey(), settings.appUrl(), skytells.webhookStyle()),
        clock);
  }

  @Provides
  Predictions predictions(SkytellsClient client) {
    return client;
  }

  @Provides
  @Singleton
  SkytellsModelCatalog skytellsModelCatalog(
      SkytellsClient client,
      PublishedModels publishedModels,
      ExecutorService workers,
      Clock clock) {
    return new SkytellsModelCatalog(client, publishedModels, workers, clock);
  }

  @Provides
  ModelCatalog modelCatalog(SkytellsModelCatalog catalog) {
    return catalog;
  }

  @Provides
  @Singleton
  InputBuilder inputBuilder(SkytellsModelCatalog catalog) {
    return new SkytellsInputBuilder(catalog::schema);
  }

  @Provides
  @Singleton
  SkytellsOutputs skytellsOutputs() {
    return new SkytellsOutputs(skytells.outputHosts(), OutputLimits.DEFAULT);
  }

  @Provides
  Outputs outputs(SkytellsOutputs outputs) {
    return outputs;
  }

  @Provides
  @Singleton
  Webhooks webhooks() {
    return new SkytellsWebhooks(skytells.signingKeys());
  }
}
