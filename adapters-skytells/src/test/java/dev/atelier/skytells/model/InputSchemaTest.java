package dev.atelier.skytells.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atelier.application.port.InputBuilder.Violation;
import dev.atelier.skytells.json.SkytellsJson;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InputSchemaTest {
  private static InputSchema schema(String json) {
    return InputSchema.read(SkytellsJson.parse(json)).orElseThrow();
  }

  private static ObjectNode object(String json) {
    return (ObjectNode) SkytellsJson.parse(json);
  }

  @Test
  void aCatastrophicPatternEnds() {
    InputSchema schema = schema("{\"properties\": {\"x\": {\"pattern\": \"^(a+)+$\"}}}");

    assertThat(schema.validate(object("{\"x\": \"" + "a".repeat(50_000) + "!\"}"))).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"(?=a)b", "(a)\\\\1", "["})
  void aPatternThatCannotRunInLinearTimeIsLeftToSkytells(String pattern) {
    InputSchema schema = schema("{\"properties\": {\"x\": {\"pattern\": \"" + pattern + "\"}}}");

    assertThat(schema.validate(object("{\"x\": \"c\"}"))).isEmpty();
  }

  @Test
  void aPatternThatIsTooLargeIsLeftToSkytells() {
    for (String pattern :
        List.of(
            "(".repeat(20_000) + "a" + ")".repeat(20_000),
            "(((a{1000}){1000}){1000})",
            "(a{1000}){1000}")) {
      InputSchema schema = schema("{\"properties\": {\"x\": {\"pattern\": \"" + pattern + "\"}}}");

      assertThat(schema.validate(object("{\"x\": \"c\"}"))).isEmpty();
    }
  }

  @Test
  void aTextThatIsTooLongForItsPatternIsLeftToSkytells() {
    InputSchema schema = schema("{\"properties\": {\"x\": {\"pattern\": \"^(a{100}){100}$\"}}}");

    assertThat(schema.validate(object("{\"x\": \"c\"}"))).hasSize(1);
    assertThat(schema.validate(object("{\"x\": \"" + "a".repeat(50_000) + "\"}"))).isEmpty();
  }

  @Test
  void aSchemaThatGrowsExponentiallyIsNotUsed() {
    String definitions =
        IntStream.range(0, 12)
            .mapToObj(
                i ->
                    "\"d%d\": {\"anyOf\": [{\"$ref\": \"#/$defs/d%d\"}, {\"$ref\": \"#/$defs/d%d\"}]}"
                        .formatted(i, i + 1, i + 1))
            .collect(Collectors.joining(", "));

    assertThat(
            InputSchema.read(
                SkytellsJson.parse(
                    "{\"$defs\": {"
                        + definitions
                        + ", \"d12\": {}}, \"properties\": {\"x\": {\"$ref\": \"#/$defs/d0\"}}}")))
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"items\": %s}", "{\"anyOf\": [{\"items\": %s}, {\"items\": %s}]}"})
  void aValidationWithVeryManyErrorsEnds(String rules) {
    String branches =
        IntStream.range(0, 1_000)
            .mapToObj("{\"minimum\": 1%04d}"::formatted)
            .collect(Collectors.joining(", ", "{\"anyOf\": [", "]}"));
    InputSchema schema =
        schema(
            "{\"properties\": {\"n\": {\"type\": \"number\"}, \"x\": "
                + rules.replace("%s", branches)
                + "}}");
    String numbers = "7" + ", 7".repeat(30_000);

    assertThat(schema.validate(object("{\"n\": \"a\", \"x\": [" + numbers + "]}")))
        .hasSizeLessThan(100)
        .contains(new Violation("input.n", "must be a number"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"a\", \"b\", \"c\"", "\"%s\""})
  void everyCopyOfAValueCountsTowardsTheSizeOfASchema(String values) {
    String references =
        IntStream.range(0, 2_400)
            .mapToObj("\"p%d\": {\"$ref\": \"#/$defs/d\"}"::formatted)
            .collect(Collectors.joining(", "));

    assertThat(
            InputSchema.read(
                SkytellsJson.parse(
                    "{\"$defs\": {\"d\": {\"enum\": [%s]}}, \"properties\": {%s}}"
                        .formatted(values.formatted("a".repeat(1_000)), references))))
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"$ref\": \"#/properties/x\"}",
        "{\"properties\": {\"l\": {\"$ref\": \"#/properties/x\"}, \"r\": {\"$ref\": \"#/properties/x\"}}}",
        "{\"$ref\": \"https://example.com/style.json\"}",
        "{\"$ref\": \"#/nowhere\"}",
        "{\"$ref\": \"#/%\"}",
        "{\"$ref\": \"#anchor\"}",
        "{\"anyOf\": [7]}",
        "7",
        "null"
      })
  void aParameterWithoutUsableRulesIsNotChecked(String rules) {
    InputSchema schema =
        schema("{\"properties\": {\"x\": " + rules + ", \"y\": {\"type\": \"string\"}}}");

    assertThat(schema.validate(object("{\"x\": 2, \"y\": 2}")))
        .containsExactly(new Violation("input.y", "must be a string"));
  }

  @Test
  void aReferenceMayBePercentEncoded() {
    InputSchema schema =
        schema(
            """
            {"$defs": {"a+b %": {"type": "string"}},
             "properties": {"x": {"$ref": "#/%24defs/a+b%20%25"}}}""");

    assertThat(schema.validate(object("{\"x\": 2}")))
        .containsExactly(new Violation("input.x", "must be a string"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"allOf\": [{\"properties\": {\"y\": {}}}]",
        "\"anyOf\": [{\"properties\": {\"y\": {}}}]",
        "\"oneOf\": [{\"properties\": {\"y\": {}}}]",
        "\"patternProperties\": {\"^y\": {}}",
        "\"patternProperties\": {\"^y\": {}}, \"additionalProperties\": false"
      })
  void aParameterMayBeDescribedBesideTheProperties(String rules) {
    InputSchema schema = schema("{\"properties\": {\"x\": {}}, " + rules + "}");

    assertThat(schema.validate(object("{\"x\": 1, \"y\": 2}"))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"nullable\": true, \"type\": \"string\"}",
        "{\"nullable\": true, \"type\": [\"string\", \"null\"]}",
        "{\"nullable\": true, \"type\": \"string\", \"enum\": [\"a\"]}",
        "{\"nullable\": true, \"$ref\": \"#/$defs/s\"}"
      })
  void aNullableParameterMayBeNull(String rules) {
    InputSchema schema =
        schema(
            "{\"$defs\": {\"s\": {\"type\": \"string\"}}, \"properties\": {\"x\": " + rules + "}}");

    assertThat(schema.validate(object("{\"x\": null}"))).isEmpty();
    assertThat(schema.validate(object("{\"x\": 2}"))).hasSize(1);
  }

  @Test
  void aNegativeSizeIsIgnored() {
    InputSchema schema =
        schema("{\"properties\": {\"x\": {\"maxLength\": -1}, \"y\": {\"maxItems\": -1}}}");

    assertThat(schema.validate(object("{\"x\": \"a\", \"y\": [1]}"))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"type\": 7}",
        "{\"type\": \"file\"}",
        "{\"type\": [\"string\", \"file\"]}",
        "{\"type\": []}",
        "{\"enum\": \"a\"}",
        "{\"enum\": []}",
        "{\"minimum\": \"1\"}",
        "{\"exclusiveMinimum\": true, \"minimum\": 1}",
        "{\"multipleOf\": 1e-999999999, \"minimum\": 1e999999999}",
        "{\"pattern\": 7}",
        "{\"items\": [{\"type\": \"string\"}]}",
        "{\"$id\": \"https://example.com/x\", \"$schema\": \"https://example.com/y\"}",
        "{\"nullable\": true, \"x-order\": \"first\"}"
      })
  void aMalformedRuleIsIgnored(String rule) {
    InputSchema schema =
        schema("{\"$schema\": \"https://example.com/z\", \"properties\": {\"x\": " + rule + "}}");

    assertThat(schema.validate(object("{\"x\": 2}"))).isEmpty();
  }
}
