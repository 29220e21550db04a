package dev.atelier.http.header;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atelier.http.request.Json;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class EntityTagTest {
  @ParameterizedTest
  @ValueSource(strings = {"*", "\"3\"", "W/\"3\"", "\"1\", W/\"2\" ,\"3\"", "nonsense,\"3\""})
  void aKnownTagMatches(String ifNoneMatch) {
    assertThat(EntityTag.strong("3").matches(ifNoneMatch)).isTrue();
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(strings = {"", ",", "3", "\"33\"", "w/\"3\"", "\"1\", W/\"2\"", "**"})
  void anyOtherValueDoesNotMatch(@Nullable String ifNoneMatch) {
    assertThat(EntityTag.strong("3").matches(ifNoneMatch)).isFalse();
  }

  @Test
  void theTagChangesWithTheJson() {
    EntityTag tag = EntityTag.of(Json.object().put("a", 1).put("b", "x"));

    assertThat(EntityTag.of(Json.object().put("a", 1).put("b", "x"))).isEqualTo(tag);
    assertThat(EntityTag.of(Json.object().put("a", 2).put("b", "x"))).isNotEqualTo(tag);
    assertThat(EntityTag.of(Json.object().put("a", 1).put("b", "x").putNull("c")))
        .isNotEqualTo(tag);
    assertThat(tag.value()).matches("\"[0-9a-f]{24}\"");
    assertThat(tag.opaque()).matches("[0-9a-f]{24}");
  }
}
