package dev.atelier.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ModelInputTest {
  @Test
  void equalNumbersAreEqualHoweverTheyAreWritten() {
    assertThat(input(3)).isEqualTo(input(3L)).isEqualTo(input(3.0)).isEqualTo(input(3f));
    assertThat(input(BigInteger.valueOf(3))).isEqualTo(input(new BigDecimal("3.00")));
    assertThat(input(new BigDecimal("3.50"))).isEqualTo(input(3.5));
    assertThat(input(new BigDecimal("1e2")).values()).containsEntry("x", 100L);
    assertThat(input(new BigDecimal("12345678901234567890")).values())
        .containsEntry("x", new BigDecimal("12345678901234567890").stripTrailingZeros());
  }

  @Test
  void rejectsNumbersThatNoModelCanRead() {
    for (Number number :
        List.of(
            new BigDecimal("1e999999999"),
            new BigDecimal("1e-999999999"),
            Double.NaN,
            Double.POSITIVE_INFINITY)) {
      assertThatThrownBy(() -> input(List.of(1, number)))
          .isInstanceOfSatisfying(
              InvalidValueException.class, e -> assertThat(e.field()).isEqualTo("input.x[1]"));
    }
  }

  @Test
  void leavesAbsentValuesOut() {
    var values = new HashMap<String, Object>();
    values.put("a", null);
    values.put("b", 1L);

    assertThat(new ModelInput(values)).isEqualTo(new ModelInput(Map.of("b", 1L)));
    assertThatThrownBy(() -> input(Arrays.asList("a", null)))
        .isInstanceOfSatisfying(
            InvalidValueException.class, e -> assertThat(e.field()).isEqualTo("input.x[1]"));
  }

  @Test
  void isNestedAtMostEightLevelsDeep() {
    Object value = 1L;
    for (int level = 2; level <= ModelInput.MAX_DEPTH; level++) {
      value = level % 2 == 0 ? List.of(value) : Map.of("y", value);
    }
    Object deepest = value;

    assertThat(input(deepest).values()).containsKey("x");
    assertThatThrownBy(() -> input(List.of(deepest)))
        .isInstanceOf(InvalidValueException.class)
        .hasMessage("must not be nested more than 8 levels deep");
  }

  @Test
  void cleansEveryStringLikeAPrompt() {
    assertThat(input(List.of(" <a>\r\n\n\n\nb ", Map.of("c", "\u0007d"))).cleaned())
        .isEqualTo(input(List.of("a\n\nb", Map.of("c", "d"))));
    for (Object broken : List.of("a\0", "\uD800", Map.of("a\0", 1L), Map.of("n".repeat(129), 1L))) {
      assertThatThrownBy(() -> input(List.of(broken)))
          .isInstanceOfSatisfying(
              InvalidValueException.class, e -> assertThat(e.field()).isEqualTo("input.x[0]"));
    }
  }

  @Test
  void replacesStringsByTheirPaths() {
    assertThat(input(List.of("a", Map.of("b", "c"))).mapStrings((path, text) -> path + "=" + text))
        .isEqualTo(input(List.of("input.x[0]=a", Map.of("b", "input.x[1].b=c"))));
  }

  @Test
  void isImmutableAndDoesNotPrintItsValues() {
    var list = new ArrayList<Object>(List.of("secret"));
    ModelInput input = input(list);
    list.add("more");

    assertThat(input).isEqualTo(input(List.of("secret"))).hasToString("ModelInput[1 parameters]");
    assertThatThrownBy(() -> input.values().put("y", 1L))
        .isInstanceOf(UnsupportedOperationException.class);
  }

  private static ModelInput input(Object value) {
    return new ModelInput(Map.of("x", value));
  }
}
