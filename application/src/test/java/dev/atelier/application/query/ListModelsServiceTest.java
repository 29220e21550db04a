package dev.atelier.application.query;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atelier.application.port.InMemoryModels;
import dev.atelier.application.port.ModelCatalog.Offer;
import dev.atelier.domain.AllowedModels;
import dev.atelier.domain.Model;
import dev.atelier.domain.Price;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ListModelsServiceTest {
  private static final Optional<Price> PRICE =
      Optional.of(new Price(new BigDecimal("0.03"), "USD", "image"));

  private final InMemoryModels catalog = new InMemoryModels();

  @Test
  void listsTheAllowedModelsInOrderWithCatalogData() {
    Offer flux = offer("flux-pro", Model.Kind.IMAGE);
    catalog.add(flux);

    ListModels.Result result = models("flux-pro", "truefusion-pro").list();

    assertThat(result.offers()).startsWith(flux).hasSize(2);
    assertThat(result.offers().getLast().price()).isEqualTo(PRICE);
    assertThat(result.defaultModel()).isEqualTo("truefusion-pro");
  }

  @Test
  void aPatternListsEveryModelThatItMatchesOnce() {
    Offer song = offer("beatfusion-2.0", Model.Kind.AUDIO);
    catalog.add(song);
    catalog.add(offer("flux-pro", Model.Kind.IMAGE));

    assertThat(slugs(models("truefusion-pro", "*FUSION*")))
        .containsExactly("truefusion-pro", "truefusion-video-pro", "beatfusion-2.0");
    assertThat(slugs(models("truefusion-pro", "flux-*")))
        .containsExactly("truefusion-pro", "flux-pro");
  }

  @Test
  void aModelThatIsAllowedByItsSlugIsListedEvenIfSkytellsDoesNotListIt() {
    assertThat(slugs(models("truefusion-pro", "imagen-4")))
        .containsExactly("truefusion-pro", "imagen-4");
    assertThat(models("truefusion-pro", "imagen-4").find("Imagen-4")).isPresent();
    assertThat(models("truefusion-pro", "imagen-*").find("imagen-4")).isEmpty();
  }

  @Test
  void findsOnlyAllowedModelsThatMakeSomethingToSeeOrHear() {
    ListModels models = models("*");

    assertThat(models.find("TrueFusion-Pro")).isPresent();
    assertThat(models.find(InMemoryModels.TEXT_MODEL)).isEmpty();
    assertThat(models("truefusion-pro").find("truefusion-video-pro")).isEmpty();
  }

  private ListModels models(String... patterns) {
    return new ListModelsService(new AllowedModels(List.of(patterns), "truefusion-pro"), catalog);
  }

  private static List<String> slugs(ListModels models) {
    return models.list().offers().stream().map(offer -> offer.model().slug()).toList();
  }

  private static Offer offer(String slug, Model.Kind kind) {
    return Offer.of(new Model(slug, kind));
  }
}
