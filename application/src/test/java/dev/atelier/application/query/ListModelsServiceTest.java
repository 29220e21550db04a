package dev.atelier.application.query;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atelier.application.port.ModelCatalog.Offer;
import dev.atelier.application.port.ModelCatalog.Price;
import dev.atelier.domain.AllowedModels;
import dev.atelier.domain.Generations;
import dev.atelier.domain.Model;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ListModelsServiceTest {
  private static final AllowedModels ALLOWED =
      new AllowedModels(
          List.of(Generations.IMAGE_MODEL, Generations.VIDEO_MODEL), Generations.IMAGE_MODEL);
  private static final Optional<Price> PRICE =
      Optional.of(new Price(new BigDecimal("0.03"), "USD", "image"));

  @Test
  void listsTheAllowedModelsInOrderWithCatalogData() {
    var known = new Offer(Generations.IMAGE_MODEL, "TrueFusion Pro", "Pictures.", false, PRICE);
    var other =
        new Offer(new Model("flux-pro", Model.Kind.IMAGE), "FLUX", "", true, Optional.empty());

    assertThat(new ListModelsService(ALLOWED, () -> List.of(other, known)).list())
        .isEqualTo(
            new ListModels.Result(
                List.of(
                    known,
                    new Offer(
                        Generations.VIDEO_MODEL,
                        "truefusion-video-pro",
                        "",
                        true,
                        Optional.empty())),
                Generations.IMAGE_MODEL));
  }

  @Test
  void usesTheSpellingAndKindOfTheAllowList() {
    var shouting = new Offer(new Model("TrueFusion-Pro", Model.Kind.VIDEO), "Pro", "", true, PRICE);

    assertThat(new ListModelsService(ALLOWED, () -> List.of(shouting)).list().offers().getFirst())
        .isEqualTo(new Offer(Generations.IMAGE_MODEL, "Pro", "", true, PRICE));
  }
}
