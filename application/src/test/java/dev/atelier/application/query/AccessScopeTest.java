package dev.atelier.application.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atelier.application.port.Generations.Insertion;
import dev.atelier.application.port.Generations.Saving;
import dev.atelier.application.port.InMemoryGenerations;
import dev.atelier.application.port.UnreadableGenerationException;
import dev.atelier.domain.Generation;
import dev.atelier.domain.Generations;
import dev.atelier.domain.UserId;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AccessScopeTest {
  private static final UserId OWNER = new UserId("ada");
  private static final AccessScope EVERYONE = new AccessScope.All();

  private final InMemoryGenerations generations = new InMemoryGenerations();
  private final Generation submitted = Generations.begun(OWNER);

  @BeforeEach
  void insert() {
    assertThat(generations.insert(submitted, Optional.empty(), 1))
        .isEqualTo(new Insertion.Inserted());
  }

  @Test
  void theOwnerAndTrustedCallersGetAnErrorForAnUnreadableGeneration() {
    generations.makeUnreadable(submitted.id());

    assertThatThrownBy(() -> EVERYONE.find(generations, submitted.id()))
        .isInstanceOf(UnreadableGenerationException.class);
    assertThatThrownBy(() -> new AccessScope.Owner(OWNER).find(generations, submitted.id()))
        .isInstanceOf(UnreadableGenerationException.class);
  }

  @Test
  void othersDoNotFindAnUnreadableGeneration() {
    generations.makeUnreadable(submitted.id());

    assertThat(new AccessScope.Owner(new UserId("grace")).find(generations, submitted.id()))
        .isEmpty();
  }

  @Test
  void nobodyFindsADeletedUnreadableGeneration() {
    assertThat(generations.save(Generations.deleted(submitted))).isEqualTo(Saving.SAVED);
    generations.makeUnreadable(submitted.id());

    assertThat(EVERYONE.find(generations, submitted.id())).isEmpty();
    assertThat(new AccessScope.Owner(OWNER).find(generations, submitted.id())).isEmpty();
  }
}
