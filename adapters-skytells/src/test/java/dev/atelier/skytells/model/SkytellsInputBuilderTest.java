package dev.atelier.skytells.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atelier.application.port.InputBuilder.Draft;
import dev.atelier.application.port.InputBuilder.Result;
import dev.atelier.application.port.InputBuilder.Violation;
import dev.atelier.domain.GenerationOptions;
import dev.atelier.domain.Model;
import dev.atelier.domain.ModelInput;
import dev.atelier.domain.NegativePrompt;
import dev.atelier.domain.Prompt;
import dev.atelier.domain.Quantity;
import dev.atelier.skytells.json.SkytellsJson;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SkytellsInputBuilderTest {
  private static final Map<String, Object> PROMPT = Map.of("prompt", "a lighthouse");

  private static final GenerationOptions NONE = GenerationOptions.NONE;

  private Model model = new Model("flux-9", Model.Kind.IMAGE);
  private InputSchema schema = BuiltInModels.schema(model);
  private Set<String> files = Set.of();

  /**
   * @param properties the properties of a schema
   */
  private void schema(String properties) {
    schema = InputSchema.read(SkytellsJson.parse("{" + properties + "}")).orElseThrow();
  }

  private void properties(String properties) {
    schema("\"properties\": {\"prompt\": {\"type\": \"string\"}, " + properties + "}");
  }

  private Result build(GenerationOptions options, Map<String, Object> parameters) {
    return new SkytellsInputBuilder(_ -> schema)
        .build(
            new Draft(
                model,
                Optional.of(new Prompt("a lighthouse")),
                options,
                new ModelInput(parameters),
                files));
  }

  private void assertSends(
      GenerationOptions options, Map<String, Object> parameters, Map<String, Object> expected) {
    var input = new java.util.HashMap<>(PROMPT);
    input.putAll(expected);
    assertThat(build(options, parameters))
        .isInstanceOfSatisfying(
            Result.Built.class,
            built -> assertThat(built.input()).isEqualTo(new ModelInput(input)));
  }

  private void assertRejects(
      GenerationOptions options, Map<String, Object> parameters, Violation... violations) {
    assertThat(build(options, parameters)).isEqualTo(new Result.Rejected(List.of(violations)));
  }

  private static GenerationOptions size(int width, int height) {
    return options(OptionalInt.of(width), OptionalInt.of(height), OptionalInt.empty());
  }

  private static GenerationOptions count(int count) {
    return options(OptionalInt.empty(), OptionalInt.empty(), OptionalInt.of(count));
  }

  private static GenerationOptions options(
      OptionalInt width, OptionalInt height, OptionalInt numOutputs) {
    return new GenerationOptions(
        width,
        height,
        OptionalInt.empty(),
        Optional.empty(),
        numOutputs,
        OptionalLong.empty(),
        OptionalInt.empty());
  }

  private static GenerationOptions duration(int seconds) {
    return new GenerationOptions(
        OptionalInt.empty(),
        OptionalInt.empty(),
        OptionalInt.empty(),
        Optional.empty(),
        OptionalInt.empty(),
        OptionalLong.empty(),
        OptionalInt.of(seconds));
  }

  @ParameterizedTest
  @ValueSource(strings = {"num_outputs", "number_of_images", "n"})
  void theNumberOfOutputsHasTheNameThatTheModelKnows(String name) {
    properties("\"" + name + "\": {\"type\": \"integer\"}");

    assertSends(count(3), Map.of(), Map.of(name, 3L));
  }

  @ParameterizedTest
  @ValueSource(strings = {"duration_seconds", "seconds", "duration"})
  void theDurationHasTheNameThatTheModelKnows(String name) {
    model = new Model("film-9", Model.Kind.VIDEO);
    properties("\"" + name + "\": {\"type\": \"integer\"}");

    assertSends(duration(7), Map.of(), Map.of(name, 7L));
    assertSends(NONE, Map.of(), Map.of(name, 10L));
  }

  @Test
  void aNumberIsSentAsTextToAModelThatWantsText() {
    properties("\"seconds\": {\"type\": \"string\", \"enum\": [\"4\", \"8\"]}");

    assertSends(duration(8), Map.of(), Map.of("seconds", "8"));
    assertRejects(duration(5), Map.of(), new Violation("durationSeconds", "must be one of 4, 8"));
    properties("\"seconds\": {\"type\": \"string\", \"nullable\": true}");
    assertSends(duration(8), Map.of(), Map.of("seconds", "8"));
  }

  @ParameterizedTest
  @CsvSource({
    "1200, 896, 4:3",
    "1024, 1024, 1:1",
    "1920, 1080, 16:9",
    "768, 1024, 3:4",
    "2048, 880, 21:9",
    "256, 2048, 9:16"
  })
  void aSizeIsTheNearestRatioOfAllThatTheModelOffers(int width, int height, String ratio) {
    properties(
        """
        "aspect_ratio": {"enum": ["auto", "1:1", "16:9", "9:16", "4:3", "3:4", "21:9"],
                         "default": "16:9"}""");

    assertSends(size(width, height), Map.of(), Map.of("aspect_ratio", ratio));
  }

  @Test
  void aSizeIsSentAsItIsToAModelThatTakesPixels() {
    properties(
        """
        "width": {"type": "integer"}, "height": {"type": "integer"},
        "aspect_ratio": {"enum": ["1:1"]}""");

    assertSends(size(1200, 896), Map.of(), Map.of("width", 1200L, "height", 896L));
  }

  @Test
  void aDefaultIsSentOnlyIfTheModelHasTheParameterAndNoDefaultOfItsOwn() {
    properties(
        """
        "width": {"type": "integer"}, "height": {"type": "integer", "default": 512},
        "num_inference_steps": {"type": "integer", "maximum": 8}""");

    assertSends(NONE, Map.of(), Map.of("width", 1024L));
  }

  @Test
  void noDefaultSizeIsSentNextToAnotherSize() {
    schema = BuiltInModels.schema(model);

    assertThat(build(NONE, Map.of("aspect_ratio", "16:9")))
        .isInstanceOfSatisfying(
            Result.Built.class,
            built ->
                assertThat(built.input().values())
                    .containsEntry("aspect_ratio", "16:9")
                    .doesNotContainKeys("width", "height"));
  }

  @Test
  void anOptionThatTheModelDoesNotHaveIsRejected() {
    properties("\"aspect_ratio\": {\"enum\": [\"landscape\", \"portrait\"]}");
    var all =
        new GenerationOptions(
            OptionalInt.of(512),
            OptionalInt.of(512),
            OptionalInt.of(20),
            Optional.of(new NegativePrompt("fog")),
            OptionalInt.of(2),
            OptionalLong.of(7),
            OptionalInt.of(5));

    assertThat(build(all, Map.of()))
        .isInstanceOfSatisfying(
            Result.Rejected.class,
            rejected -> {
              assertThat(rejected.violations())
                  .extracting(Violation::field)
                  .containsExactly(
                      "width",
                      "negativePrompt",
                      "numInferenceSteps",
                      "numOutputs",
                      "seed",
                      "durationSeconds");
              assertThat(rejected.violations().getLast().message())
                  .isEqualTo(
                      "is not an option of this model, which has no parameter duration_seconds or"
                          + " seconds or duration");
            });
  }

  @Test
  void aPromptIsRejectedByAModelThatHasNone() {
    schema("\"properties\": {\"image\": {\"type\": \"string\"}}");

    assertRejects(
        NONE,
        Map.of(),
        new Violation("prompt", "is not an option of this model, which has no parameter prompt"));
  }

  @Test
  void aParameterCannotBeSetInTwoWays() {
    properties("\"num_outputs\": {\"type\": \"integer\"}, \"aspect_ratio\": {\"enum\": [\"1:1\"]}");

    assertRejects(
        options(OptionalInt.empty(), OptionalInt.of(512), OptionalInt.of(2)),
        Map.of("prompt", "x", "num_outputs", 1, "aspect_ratio", "1:1"),
        new Violation("input.prompt", "must not be set together with prompt"),
        new Violation("input.aspect_ratio", "must not be set together with height"),
        new Violation("input.num_outputs", "must not be set together with numOutputs"));
  }

  @Test
  void aViolationOfAnOptionHasTheNameOfTheOption() {
    schema =
        InputSchema.read(
                SkytellsJson.parse(
                    """
                    {"required": ["prompt"],
                     "properties": {"prompt": {"type": "string", "maxLength": 5},
                                    "width": {"multipleOf": 64}, "height": {}}}"""))
            .orElseThrow();

    assertRejects(
        size(1000, 1000),
        Map.of(),
        new Violation("prompt", "must have at most 5 characters"),
        new Violation("width", "must be a multiple of 64"));
    assertThat(
            new SkytellsInputBuilder(_ -> schema)
                .build(new Draft(model, Optional.empty(), NONE, ModelInput.EMPTY, files)))
        .isEqualTo(new Result.Rejected(List.of(new Violation("prompt", "is required"))));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"type": "integer"}                       | "3"          | input.x       | must be a whole number
          {"type": ["number", "boolean"]}           | "3"          | input.x       | must be a number or true or false
          {"enum": ["oil", "ink", 3]}               | "x"          | input.x       | must be one of oil, ink, 3
          {"minimum": 1.5}                          | 1            | input.x       | must be at least 1.5
          {"maximum": 10}                           | 10.5         | input.x       | must be at most 10
          {"exclusiveMinimum": 0}                   | 0            | input.x       | must be greater than 0
          {"maxLength": 3}                          | "abcd"       | input.x       | must have at most 3 characters
          {"pattern": "^a+$"}                       | "b"          | input.x       | must match ^a+$
          {"maxItems": 1}                           | [1, 2]       | input.x       | must have at most 1 items
          {"items": {"type": "string"}}             | ["a", 2]     | input.x[1]    | must be a string
          {"properties": {"y": {"const": 1}}}       | {"y": 2}     | input.x.y     | must be 1
          {"const": {"y": [1]}}                     | 2            | input.x       | must be {"y":[1]}
          {"required": ["y"]}                       | {}           | input.x.y     | is required
          {"$ref": "#/definitions/s"}               | "x"          | input.x       | must be one of a, b
          {"allOf": [{"$ref": "#/definitions/s"}]}  | "x"          | input.x       | must be one of a, b
          """)
  void everyViolationHasAPathAndASentence(
      String rules, String value, String field, String message) {
    schema(
        "\"definitions\": {\"s\": {\"enum\": [\"a\", \"b\"]}}, \"properties\": {\"prompt\": {},"
            + " \"x\": "
            + rules
            + "}");

    assertRejects(
        NONE,
        SkytellsJson.toMap(
            (com.fasterxml.jackson.databind.node.ObjectNode)
                SkytellsJson.parse("{\"x\": " + value + "}")),
        new Violation(field, message));
  }

  @Test
  void aLongListOfAllowedValuesIsCut() {
    properties(
        IntStream.range(0, 60)
            .mapToObj(Integer::toString)
            .collect(Collectors.joining(", ", "\"style\": {\"enum\": [", "]}")));

    assertThat(((Result.Rejected) build(NONE, Map.of("style", "oil"))).violations())
        .singleElement()
        .satisfies(
            violation ->
                assertThat(violation.message())
                    .startsWith("must be one of 0, 1,")
                    .endsWith(", 49 and 10 more"));
  }

  @Test
  void atMostAHundredViolationsAreReported() {
    properties("\"style\": {}");
    Map<String, Object> unknown =
        IntStream.range(0, 5_000).boxed().collect(Collectors.toMap(i -> "p" + i, i -> i));

    assertThat(build(NONE, unknown))
        .isInstanceOfSatisfying(
            Result.Rejected.class, rejected -> assertThat(rejected.violations()).hasSize(100));
  }

  @Test
  void theExpectedQuantityComesFromTheParametersAndTheDefaultsOfTheModel() {
    properties(
        """
        "width": {"type": "integer"}, "height": {"type": "integer", "default": 500},
        "n": {"type": "integer"}, "seconds": {"type": "string", "default": "8"}""");

    assertExpects(size(2000, 500), new Quantity(decimal("1"), decimal("8"), decimal("1")));
    assertExpects(count(3), new Quantity(decimal("3"), decimal("24"), decimal("1.536")));
    properties("\"image\": {}, \"duration\": {\"type\": \"integer\"}");
    assertExpects(duration(7), new Quantity(decimal("1"), decimal("7"), Optional.empty()));
    assertExpects(NONE, new Quantity(decimal("1"), Optional.empty(), Optional.empty()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"1e999999999", "1e7", "12345678", "0", "-3", "3.", "many", ""})
  void aNumberThatIsNotPlainIsNotExpected(String text) {
    properties("\"seconds\": {\"type\": \"string\"}");

    assertThat(build(NONE, Map.of("seconds", text)))
        .isInstanceOfSatisfying(
            Result.Built.class, built -> assertThat(built.expected().seconds()).isEmpty());
  }

  private void assertExpects(GenerationOptions options, Quantity expected) {
    assertThat(build(options, Map.of()))
        .isInstanceOfSatisfying(
            Result.Built.class, built -> assertThat(built.expected()).isEqualTo(expected));
  }

  private static Optional<BigDecimal> decimal(String number) {
    return Optional.of(new BigDecimal(number));
  }

  @Test
  void anUnknownParameterIsRejectedUnlessTheSchemaAllowsIt() {
    properties("\"style\": {}");
    assertRejects(
        NONE,
        Map.of("webhook", "https://example.com"),
        new Violation("input.webhook", "is not a parameter of this model"));

    schema("\"additionalProperties\": true, \"properties\": {\"prompt\": {}}");
    assertSends(NONE, Map.of("style", "oil"), Map.of("style", "oil"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://example.com/a.png",
        "ftp://example.com/a.png",
        "file:///etc/passwd",
        "data:image/png;base64,AAAA",
        "https://user:secret@example.com/a.png",
        "https://127.0.0.1/a.png",
        "https://10.0.0.8/a.png",
        "https://169.254.169.254/latest/meta-data",
        "https://2130706433/a.png",
        "https://0x7f000001/a.png",
        "https://[::1]/a.png",
        "https://[::ffff:10.0.0.1]/a.png",
        "https://localhost/a.png",
        "https://printer.local/a.png",
        "https://metadata.google.internal/",
        "https://intranet/a.png",
        "https://example.com./a.png",
        "https:///a.png",
        "not a url"
      })
  void anInputUrlMustBePublicHttps(String url) {
    properties(
        """
        "image": {"type": "string", "format": "uri"},
        "images": {"type": "array", "items": {"anyOf": [{"format": "uri"}, {"type": "null"}]}}""");
    String rule =
        "must be a public https URL without credentials, the URL of an output, or the URL of an"
            + " upload";

    assertRejects(
        NONE,
        Map.of("image", url, "images", List.of("https://example.com/a.png?x=1", url)),
        new Violation("input.image", rule),
        new Violation("input.images[1]", rule));
    files = Set.of("input.image", "input.images[1]");
    assertThat(build(NONE, Map.of("image", url, "images", List.of("https://1.1.1.1/", url))))
        .isInstanceOf(Result.Built.class);
  }
}
