package dev.atelier.skytells.sandbox.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SandboxFaultsTest {
  @Test
  void theDocumentedFaultsMatchTheEnum() throws IOException {
    List<String> documented;
    try (Stream<String> lines = Files.lines(Path.of("../docs/sandbox.md"))) {
      documented = lines.filter(line -> line.matches("\\| `[a-z]+:.*")).toList();
    }

    assertThat(documented)
        .containsExactlyElementsOf(
            Stream.of(SandboxFault.values()).map(SandboxFaultsTest::row).toList());
  }

  private static String row(SandboxFault fault) {
    int number = fault.defaultNumber();
    return "| `%s%s` | %s | %s |"
        .formatted(fault.tag(), number == 0 ? "" : "=N", number == 0 ? "" : number, fault.effect());
  }

  @Test
  void tagsAreReadFromAPrompt() {
    SandboxFaults faults =
        SandboxFaults.in("a [Webhook:Delay=3] lake {work:fail}[x] {y} [a: b] [a:b c]");

    assertThat(faults.numbers())
        .isEqualTo(Map.of(SandboxFault.WEBHOOK_DELAY, 3, SandboxFault.WORK_FAIL, 0));
  }

  @Test
  void aMissingNumberIsTheDefault() {
    assertThat(SandboxFaults.in("[webhook:delay]").number(SandboxFault.WEBHOOK_DELAY)).isEqualTo(5);
  }

  @Test
  void tagsAreRemovedFromThePrompt() {
    assertThat(SandboxFaults.withoutTags("a lake [webhook:drop]")).isEqualTo("a lake");
    assertThat(SandboxFaults.withoutTags("a [red] lake")).isEqualTo("a [red] lake");
  }

  @Test
  void anUnknownTagIsRejectedByName() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SandboxFaults.in("[webhook:dorp]"))
        .withMessageContaining("webhook:dorp");
  }

  @Test
  void theOtherNumbersWin() {
    SandboxFaults both =
        SandboxFaults.of(List.of("webhook:delay=1", "work:fail"))
            .and(SandboxFaults.of(List.of("webhook:delay=2")));

    assertThat(both.numbers())
        .isEqualTo(Map.of(SandboxFault.WEBHOOK_DELAY, 2, SandboxFault.WORK_FAIL, 0));
  }
}
