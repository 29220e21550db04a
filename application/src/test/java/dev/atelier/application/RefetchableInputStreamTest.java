package dev.atelier.application;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atelier.application.port.InMemorySkytells;
import dev.atelier.application.port.Outputs.Fetch;
import dev.atelier.domain.Output;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RefetchableInputStreamTest {
  private final InMemorySkytells skytells = new InMemorySkytells();

  @Test
  void itIsReadAgainFromItsStartByAnotherFetch() throws Exception {
    Output output = skytells.leave(Pictures.PNG);
    try (var source = refetchable(output)) {
      source.mark(0);
      assertThat(source.readNBytes(10)).hasSize(10);

      source.reset();

      assertThat(source.readAllBytes()).isEqualTo(Pictures.PNG);
    }
    assertThat(skytells.fetched()).isEqualTo(List.of(output));
  }

  static Stream<Fetch> whatIsNoContent() {
    return Stream.of(new Fetch.Gone(), new Fetch.Rejected("no"), new Fetch.Unavailable("503"));
  }

  @ParameterizedTest
  @MethodSource("whatIsNoContent")
  void whatCannotBeFetchedAgainCannotBeReadAgain(Fetch answer) throws Exception {
    Supplier<Fetch> answers = () -> answer;
    try (var source = refetchable(skytells.leave(answers))) {
      assertThatThrownBy(source::reset).isInstanceOf(IOException.class);
    }
  }

  private RefetchableInputStream refetchable(Output output) {
    return new RefetchableInputStream(new ByteArrayInputStream(Pictures.PNG), skytells, output);
  }
}
