package dev.atelier.skytells.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atelier.skytells.sandbox.fault.SandboxFault;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Checks that {@code docs/skytells.md} has a row for every disagreement, and that the tests and
 * faults it names exist.
 */
class DisagreementsTest {
  private static final Path DOCUMENT = Path.of("..", "docs", "skytells.md");
  private static final Pattern TEST = Pattern.compile("`([A-Z]\\w+)\\.(\\w+)`");
  private static final Pattern FAULT = Pattern.compile("`([a-z]+:[a-z0-9-]+)`");
  private static final List<String> PACKAGES =
      List.of(
          "dev.atelier.skytells.client.",
          "dev.atelier.skytells.json.",
          "dev.atelier.skytells.model.",
          "dev.atelier.skytells.output.",
          "dev.atelier.skytells.webhook.",
          "dev.atelier.domain.",
          "dev.atelier.application.sweep.",
          "dev.atelier.application.port.");

  /**
   * A row of the table.
   *
   * @param tests that enforce our behaviour, or the reason why there is none
   */
  record Row(String number, String faults, String tests) {}

  static List<Row> rows() throws Exception {
    try (Stream<String> lines = Files.lines(DOCUMENT)) {
      return lines
          .filter(line -> line.matches("\\| \\d+ \\|.*"))
          .map(line -> line.split(" ?\\| ?", -1))
          .map(cells -> new Row(cells[1], cells[4], cells[5]))
          .toList();
    }
  }

  @Test
  void everyDisagreementHasARow() throws Exception {
    assertThat(rows())
        .extracting(Row::number)
        .containsExactlyElementsOf(IntStream.rangeClosed(1, 29).mapToObj(String::valueOf).toList());
  }

  @ParameterizedTest
  @MethodSource("rows")
  void everyRowNamesTestsOrAReason(Row row) {
    String withoutTests = TEST.matcher(row.tests()).replaceAll("").replaceAll("[, ]", "");

    if (TEST.matcher(row.tests()).find()) {
      assertThat(withoutTests).isEmpty();
    } else {
      assertThat(row.tests()).startsWith("not for the client: ");
    }
  }

  static Stream<String> tests() throws Exception {
    return TEST.matcher(Files.readString(DOCUMENT))
        .results()
        .map(test -> test.group(1) + "." + test.group(2))
        .distinct();
  }

  @ParameterizedTest
  @MethodSource("tests")
  void everyNamedTestExists(String test) {
    String type = test.substring(0, test.indexOf('.'));
    String method = test.substring(test.indexOf('.') + 1);

    assertThat(PACKAGES.stream().flatMap(name -> testsOf(name + type))).contains(method);
  }

  @ParameterizedTest
  @MethodSource("rows")
  void everyNamedFaultExists(Row row) {
    List<String> named =
        FAULT.matcher(row.faults()).results().map(fault -> fault.group(1)).toList();

    assertThat(Stream.of(SandboxFault.values()).map(SandboxFault::tag)).containsAll(named);
    assertThat(FAULT.matcher(row.faults()).replaceAll("").replaceAll("[, ]", "")).isEmpty();
  }

  private static Stream<String> testsOf(String type) {
    try {
      return Stream.of(Class.forName(type).getDeclaredMethods())
          .filter(
              method ->
                  method.isAnnotationPresent(Test.class)
                      || method.isAnnotationPresent(ParameterizedTest.class))
          .map(method -> method.getName());
    } catch (ClassNotFoundException e) {
      return Stream.empty();
    }
  }
}
