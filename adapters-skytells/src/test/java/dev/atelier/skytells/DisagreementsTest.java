package dev.atelier.skytells;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code docs/skytells.md} names a test for each disagreement; the tests must exist. */
class DisagreementsTest {
  private static final Path DOCUMENT = Path.of("..", "docs", "skytells.md");
  private static final Pattern TEST = Pattern.compile("`([A-Z]\\w+)\\.(\\w+)`");
  private static final Pattern ROW = Pattern.compile("(?m)^\\| (\\d+) \\|");
  private static final List<String> PACKAGES =
      List.of("dev.atelier.skytells.", "dev.atelier.domain.", "dev.atelier.application.port.");

  static Stream<String> tests() throws Exception {
    return TEST.matcher(Files.readString(DOCUMENT))
        .results()
        .map(test -> test.group(1) + "." + test.group(2))
        .distinct();
  }

  @ParameterizedTest
  @MethodSource("tests")
  void everyTestThatIsNamedExists(String test) {
    String type = test.substring(0, test.indexOf('.'));
    String method = test.substring(test.indexOf('.') + 1);

    assertThat(PACKAGES.stream().flatMap(name -> methods(name + type))).contains(method);
  }

  @Test
  void everyDisagreementHasARow() throws Exception {
    assertThat(ROW.matcher(Files.readString(DOCUMENT)).results().map(row -> row.group(1)))
        .containsExactlyElementsOf(IntStream.rangeClosed(1, 29).mapToObj(String::valueOf).toList());
  }

  private static Stream<String> methods(String type) {
    try {
      return Stream.of(Class.forName(type).getDeclaredMethods()).map(method -> method.getName());
    } catch (ClassNotFoundException e) {
      return Stream.empty();
    }
  }
}
