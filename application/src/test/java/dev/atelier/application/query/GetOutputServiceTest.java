package dev.atelier.application.query;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atelier.application.InMemoryAtelier;
import dev.atelier.application.Pictures;
import dev.atelier.application.port.BlobLink;
import dev.atelier.application.port.ByteRange;
import dev.atelier.application.port.InMemoryBlobStore;
import dev.atelier.application.query.GetOutput.Query;
import dev.atelier.application.query.GetOutput.Result;
import dev.atelier.domain.Generation;
import dev.atelier.domain.Generations;
import dev.atelier.domain.Output;
import dev.atelier.domain.UserId;
import java.net.URI;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class GetOutputServiceTest {
  @AutoClose private final InMemoryAtelier atelier = new InMemoryAtelier();

  @Test
  void opensAStoredOutput() throws Exception {
    Generation generation = atelier.generate(UserId.ANONYMOUS);
    Output output = atelier.skytells.addOutput(Pictures.PNG);
    assertThat(get(generation, 0)).isEqualTo(new Result.NotFound());

    atelier.webhook(generation, InMemoryAtelier.succeeded(generation, output));

    var found = (Result.Found) get(generation, 0);
    try (var bytes = found.content().open(ByteRange.all()).orElseThrow()) {
      assertThat(bytes.readAllBytes()).isEqualTo(Pictures.PNG);
    }
    try (var bytes = found.content().open(new ByteRange(1, 3)).orElseThrow()) {
      assertThat(bytes.readAllBytes()).containsExactly('P', 'N', 'G');
    }
    assertThat(get(generation, 1)).isEqualTo(new Result.NotFound());
    assertThat(get(generation, -1)).isEqualTo(new Result.NotFound());
  }

  @Test
  void linksAnOutputIfTheStoreHasALink() {
    Generation generation = succeeded();
    var found = (Result.Found) get(generation, 0);
    assertThat(found.content().link("inline")).isEmpty();

    atelier.blobs.publishAt(URI.create("https://cdn.example"));

    assertThat(found.content().link("inline"))
        .contains(
            new BlobLink(
                URI.create("https://cdn.example/" + found.asset().key()),
                InMemoryBlobStore.LINK_LIFE));
  }

  @Test
  void anOutputMissingFromTheStorageHasNoBytes() {
    Generation generation = succeeded();
    var found = (Result.Found) get(generation, 0);

    atelier.blobs.delete(found.asset().key());

    assertThat(found.content().open(ByteRange.all())).isEmpty();
  }

  private Generation succeeded() {
    Generation generation = atelier.generate(UserId.ANONYMOUS);
    atelier.webhook(
        generation,
        InMemoryAtelier.succeeded(generation, atelier.skytells.addOutput(Pictures.PNG)));
    return generation;
  }

  @Test
  void anUnknownGenerationHasNoOutput() {
    assertThat(get(Generations.submitting(), 0)).isEqualTo(new Result.NotFound());
  }

  @Test
  void anOutputOfAnotherOwnerIsNotFound() {
    Generation generation = atelier.generate(UserId.ANONYMOUS);
    Output output = atelier.skytells.addOutput(Pictures.PNG);
    atelier.webhook(generation, InMemoryAtelier.succeeded(generation, output));

    assertThat(
            atelier.getOutput.get(
                new Query(new AccessScope.Owner(new UserId("bob")), generation.id(), 0)))
        .isEqualTo(new Result.NotFound());
    assertThat(
            atelier.getOutput.get(
                new Query(new AccessScope.Owner(UserId.ANONYMOUS), generation.id(), 0)))
        .isInstanceOf(Result.Found.class);
  }

  private Result get(Generation generation, int index) {
    return atelier.getOutput.get(new Query(new AccessScope.All(), generation.id(), index));
  }
}
