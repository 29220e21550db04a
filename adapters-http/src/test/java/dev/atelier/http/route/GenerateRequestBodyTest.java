package dev.atelier.http.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atelier.application.generate.CreateGeneration;
import dev.atelier.application.generate.InvalidRequestException;
import dev.atelier.application.generate.InvalidRequestException.FieldError;
import dev.atelier.domain.UserId;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GenerateRequestBodyTest {
  @Test
  void anAbsentFieldIsEmpty() {
    assertThat(read("{\"prompt\":\" a cat \"}"))
        .isEqualTo(CreateGeneration.Command.of(UserId.ANONYMOUS, " a cat "));
  }

  @Test
  void aNullFieldIsAbsent() {
    assertThat(
            read(
                """
                {"prompt":"a cat","model":null,"width":null,"height":null,"negativePrompt":null,
                 "numInferenceSteps":null,"numOutputs":null,"seed":null,"durationSeconds":null,
                 "input":null,"userId":null}"""))
        .isEqualTo(CreateGeneration.Command.of(UserId.ANONYMOUS, "a cat"));
  }

  @ParameterizedTest
  @CsvSource({
    "1024, 1024",
    "1024.0, 1024",
    "1.024e3, 1024",
    "-0, 0",
    "2147483648, 2147483647",
    "-99999999999999999999, -2147483648",
    "1e400, 2147483647"
  })
  void aWholeNumberIsReadInAnyNotationAndSaturates(String json, int width) {
    assertThat(read("{\"prompt\":\"a cat\",\"width\":" + json + "}").width()).hasValue(width);
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "4294967295, 4294967295", "4294967296.0, 4294967296", "-1, -1"})
  void aSeedIsExact(String json, long seed) {
    assertThat(read("{\"prompt\":\"a cat\",\"seed\":" + json + "}").seed()).hasValue(seed);
  }

  @Test
  void allMistakesAreReportedTogether() {
    assertThatThrownBy(() -> read("{\"prompt\":7,\"width\":\"1\",\"x\":1,\"userId\":\" \"}"))
        .isInstanceOfSatisfying(
            InvalidRequestException.class,
            e ->
                assertThat(e.errors())
                    .containsExactlyInAnyOrder(
                        new FieldError("prompt", "must be a string"),
                        new FieldError("userId", "must have 1 to 200 characters"),
                        new FieldError("width", "must be a whole number"),
                        new FieldError("x", "is not a known field")));
  }

  private static CreateGeneration.Command read(String body) {
    return GenerateRequestBody.read(
        body.getBytes(StandardCharsets.UTF_8),
        requested -> requested.orElse(UserId.ANONYMOUS),
        Optional.empty());
  }
}
