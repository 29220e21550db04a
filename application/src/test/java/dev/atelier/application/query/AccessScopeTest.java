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
  private final Generation begun = Generations.begun(OWNER);

  @BeforeEach
  void insert() {
    assertThat(generations.insert(begun, Optional.empty(), 1)).isEqualTo(new Insertion.Inserted());
  }

  @Test
  void theOwnerAndTrustedCallersGetAnErrorForAnUnreadableGeneration() {
    generations.makeUnreadable(begun.id());

    assertThatThrownBy(() -> EVERYONE.find(generations, begun.id()))
        .isInstanceOf(UnreadableGenerationException.class);
    assertThatThrownBy(() -> new AccessScope.Owner(OWNER).find(generations, begun.id()))
        .isInstanceOf(UnreadableGenerationException.class);
  }

  @Test
  void othersDoNotFindAnUnreadableGeneration() {
    generations.makeUnreadable(begun.id());

    assertThat(new AccessScope.Owner(new UserId("grace")).find(generations, begun.id())).isEmpty();
  }

  @Test
  void nobodyFindsADeletedUnreadableGeneration() {
    assertThat(generations.save(Generations.deleted(begun))).isEqualTo(Saving.SAVED);
    generations.makeUnreadable(begun.id());

    assertThat(EVERYONE.find(generations, begun.id())).isEmpty();
    assertThat(new AccessScope.Owner(OWNER).find(generations, begun.id())).isEmpty();
  }
}
