package dev.atelier.application.port;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** The contract of {@link PublishedModels}. */
public interface PublishedModelsContract {
  /** The port under test; empty. */
  PublishedModels publishedModels();

  @Test
  default void returnsTheLastDocumentOfEachModel() {
    publishedModels().save(Map.of("a", "{\"z\":1,\"b\":2}", "b", "{}"));
    publishedModels().save(Map.of("b", "{\"n\":\"\u00e4\"}"));

    assertThat(publishedModels().all())
        .isEqualTo(Map.of("a", "{\"z\":1,\"b\":2}", "b", "{\"n\":\"\u00e4\"}"));
  }

  @Test
  default void isEmptyAtFirst() {
    publishedModels().save(Map.of());

    assertThat(publishedModels().all()).isEmpty();
  }
}
