package dev.atelier.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class EntityTagTest {
  @ParameterizedTest
  @ValueSource(strings = {"*", "\"3\"", "W/\"3\"", "\"1\", W/\"2\" ,\"3\"", "nonsense,\"3\""})
  void aVersionThatTheClientHasMatches(String ifNoneMatch) {
    assertThat(EntityTag.weak("3").matches(ifNoneMatch)).isTrue();
    assertThat(EntityTag.strong("3").matches(ifNoneMatch)).isTrue();
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(strings = {"", ",", "3", "\"33\"", "w/\"3\"", "\"1\", W/\"2\"", "**"})
  void anotherVersionOrNoneDoesNot(@Nullable String ifNoneMatch) {
    assertThat(EntityTag.weak("3").matches(ifNoneMatch)).isFalse();
    assertThat(EntityTag.strong("3").matches(ifNoneMatch)).isFalse();
  }
}
