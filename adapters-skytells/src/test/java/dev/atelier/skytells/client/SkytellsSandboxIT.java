package dev.atelier.skytells.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atelier.application.port.InMemoryPublishedModels;
import dev.atelier.application.port.ModelCatalog.Offer;
import dev.atelier.application.port.MutableClock;
import dev.atelier.application.port.Predictions;
import dev.atelier.application.port.PredictionsContract;
import dev.atelier.domain.PredictionId;
import dev.atelier.skytells.sandbox.Sandbox;
import dev.atelier.skytells.sandbox.SandboxCaller;
import dev.atelier.skytells.sandbox.Sandboxes;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Runs the contract against the sandbox; predictions end only when a test ends them. */
class SkytellsSandboxIT implements PredictionsContract {
  private final Sandbox sandbox = Sandboxes.started(Settings.API_KEY, "whsec", Duration.ofHours(1));
  private final SandboxCaller caller = new SandboxCaller(sandbox::origin, Settings.API_KEY);
  private final SkytellsClient client =
      new SkytellsClient(Settings.of(sandbox.baseUrl(), Settings.APP_URL), Clock.systemUTC());

  @AfterEach
  void close() {
    client.close();
    caller.close();
    sandbox.close();
  }

  @Override
  public Predictions predictions() {
    return client;
  }

  @Override
  public void succeedInNextCreateResponse() {
    announce("webhook:early", 1);
  }

  @Override
  public void refuseNextContent() {
    announce("create:policy", 1);
  }

  @Override
  public void beBusy() {
    announce("create:busy", 1_000);
  }

  @Override
  public void loseNextCreateResponse() {
    announce("create:cut", 1);
  }

  @Override
  public void finish(PredictionId id) {
    callAdmin("/predictions/" + id.value() + "/finish", "");
  }

  @Override
  public void breakDown() {
    sandbox.close();
  }

  @Override
  public int sold() {
    return sandbox.predictions().size();
  }

  @Test
  void theCatalogSurvivesAnOutage() {
    var clock = new MutableClock();
    var catalog =
        new SkytellsModelCatalog(client, new InMemoryPublishedModels(), Runnable::run, clock);

    List<Offer> offers = catalog.offers();
    sandbox.close();
    clock.advance(Duration.ofMinutes(10));

    assertThat(catalog.offers()).isEqualTo(offers);
    assertThat(offers)
        .extracting(offer -> offer.model().slug())
        .contains("truefusion", "truefusion-pro", "truefusion-video-pro");
    assertThat(offers).allMatch(offer -> offer.operational() && offer.price().isPresent());
  }

  private void announce(String fault, int orders) {
    callAdmin("/faults", "{\"faults\": [\"" + fault + "\"], \"next\": " + orders + "}");
  }

  private void callAdmin(String path, String body) {
    try {
      assertThat(caller.admin("POST", path, body).status()).isEqualTo(200);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
