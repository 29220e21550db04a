package dev.atelier.skytells.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atelier.application.port.ModelCatalog.Offer;
import dev.atelier.application.port.ModelCatalog.Price;
import dev.atelier.application.port.MutableClock;
import dev.atelier.domain.Model;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SkytellsModelCatalogTest {
  private static final String MODEL = Fixtures.text("response-model.json");
  private static final Offer TRUEFUSION =
      new Offer(
          new Model("truefusion", Model.Kind.IMAGE),
          "TrueFusion",
          "TrueFusion Standard",
          true,
          Optional.of(new Price(new BigDecimal("0.03"), "USD", "image")));

  private static final Optional<Price> NO_PRICE = Optional.empty();

  private final ScriptedServer server = new ScriptedServer();
  private final MutableClock clock = new MutableClock();
  private final SkytellsClient client = new SkytellsClient(Settings.of(server), clock);
  private final SkytellsModelCatalog catalog = new SkytellsModelCatalog(client, clock);

  SkytellsModelCatalogTest() throws IOException {}

  @AfterEach
  void close() {
    client.close();
    server.close();
  }

  @Test
  void theListMayBeBareOrPaged() {
    server.next(ScriptedServer.json(200, "[" + MODEL + "]"));
    assertThat(catalog.offers()).containsExactly(TRUEFUSION);
    assertThat(server.requests().getFirst().path()).isEqualTo("/v1/models");

    server.next(ScriptedServer.json(200, "{\"data\":[" + MODEL + "," + MODEL + "]}"));
    clock.advance(Duration.ofMinutes(10));
    assertThat(catalog.offers()).containsExactly(TRUEFUSION, TRUEFUSION);
  }

  @Test
  void theListIsCachedForTenMinutes() {
    server.always(ScriptedServer.json(200, "[" + MODEL + "]"));

    catalog.offers();
    clock.advance(Duration.ofMinutes(10).minusNanos(1));
    catalog.offers();
    assertThat(server.requests()).hasSize(1);

    clock.advance(Duration.ofNanos(1));
    catalog.offers();
    assertThat(server.requests()).hasSize(2);
  }

  @Test
  void aStaleListIsUsedWhenTheRefreshFails() {
    server.next(ScriptedServer.json(200, "[" + MODEL + "]"));
    catalog.offers();
    clock.advance(Duration.ofMinutes(10));
    server.always(ScriptedServer.json(401, Fixtures.text("error-401-simple-response-only.json")));

    assertThat(catalog.offers()).containsExactly(TRUEFUSION);
    assertThat(catalog.offers()).containsExactly(TRUEFUSION);
    assertThat(server.requests()).as("no refresh within a minute").hasSize(2);

    clock.advance(Duration.ofMinutes(1));
    server.always(ScriptedServer.json(200, "[]"));
    assertThat(catalog.offers()).isEmpty();
  }

  @Test
  void withoutAnyResponseTheCatalogIsEmpty() {
    server.always(ScriptedServer.status(404));

    assertThat(catalog.offers()).isEmpty();
  }

  @Test
  void onlyImageAndVideoModelsAreOffered() {
    server.next(
        ScriptedServer.json(
            200,
            """
            [{"namespace":"skytells/mera","type":"VIDEO","status":"offline","pricing":null},
             {"namespace":"gpt-5","type":"text"},
             {"namespace":"beatfusion-2.0","type":"audio"},
             {"namespace":"no slug","type":"image"},
             {"type":"image"}, 7, null,
             {"namespace":"FLUX.2-pro","type":"image","pricing":{"amount":1}}]
            """));

    assertThat(catalog.offers())
        .containsExactly(
            new Offer(new Model("mera", Model.Kind.VIDEO), "mera", "", false, Optional.empty()),
            new Offer(
                new Model("FLUX.2-pro", Model.Kind.IMAGE),
                "FLUX.2-pro",
                "",
                true,
                Optional.empty()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"1e999999999", "1e-999999999", "-1", "\"0.03\"", "null", "{}"})
  void anInvalidPriceIsIgnored(String amount) {
    server.next(ScriptedServer.json(200, "[" + MODEL.replace("0.03", amount) + "]"));

    assertThat(catalog.offers()).singleElement().extracting(Offer::price).isEqualTo(NO_PRICE);
  }

  @Test
  void concurrentCallersShareOneRequest() throws Exception {
    server.always(ScriptedServer.json(200, "[" + MODEL + "]"));
    Callable<List<Offer>> call = catalog::offers;

    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var answer : threads.invokeAll(List.of(call, call, call, call, call, call))) {
        assertThat(answer.get()).containsExactly(TRUEFUSION);
      }
    }

    assertThat(server.requests()).hasSize(1);
  }
}
