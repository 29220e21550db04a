package dev.atelier.http.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.atelier.application.generate.GenerationRules;
import dev.atelier.domain.AllowedModels;
import dev.atelier.domain.Failure;
import dev.atelier.domain.GenerationOptions;
import dev.atelier.domain.InvalidValueException;
import dev.atelier.domain.MediaType;
import dev.atelier.domain.NegativePrompt;
import dev.atelier.domain.Prompt;
import dev.atelier.domain.Status;
import dev.atelier.domain.UserId;
import dev.atelier.http.auth.ApiKey;
import dev.atelier.http.auth.AuthMode;
import dev.atelier.http.problem.ProblemCode;
import dev.atelier.http.route.Links;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Checks openapi.json without a running server. */
class OpenApiTest {
  private static final JsonNode DOCUMENT = describe(new AuthMode.None());

  private static JsonNode describe(AuthMode authMode) {
    return OpenApi.describe(
        new Links(URI.create("https://studio.example/atelier/"), Optional.empty()),
        authMode,
        new GenerationRules(new AllowedModels(List.of("pictures", "films"), "films"), 77));
  }

  @Test
  void theDocumentIsValidOpenApi() {
    Schema openApi =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(
                ClasspathResource.text("/openapi/schemas/v3.1/schema.yaml"), InputFormat.YAML);

    assertThat(openApi.validate(DOCUMENT)).isEmpty();
    ObjectNode broken = DOCUMENT.deepCopy();
    ((ObjectNode) broken.at("/paths/~1api~1generate/post")).put("reponses", true);
    assertThat(openApi.validate(broken)).isNotEmpty();
  }

  @Test
  void itsSchemasAreValidJsonSchema() {
    Schema jsonSchema =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(SchemaLocation.of("https://json-schema.org/draft/2020-12/schema"));

    List<JsonNode> schemas = new ArrayList<>();
    DOCUMENT.at("/components/schemas").forEach(schemas::add);
    schemas.addAll(DOCUMENT.findValues("schema"));
    assertThat(schemas).hasSizeGreaterThan(50);
    assertThat(schemas).allSatisfy(schema -> assertThat(jsonSchema.validate(schema)).isEmpty());
  }

  @Test
  void everyReferenceResolves() {
    assertThat(DOCUMENT.findValuesAsText("$ref"))
        .isNotEmpty()
        .allSatisfy(
            ref -> assertThat(DOCUMENT.at(ref.substring(1)).isMissingNode()).as(ref).isFalse());
  }

  @Test
  void everyComponentIsReferenced() {
    assertThat(
            Stream.of("examples", "parameters", "headers", "requestBodies", "responses", "schemas")
                .flatMap(
                    kind ->
                        DOCUMENT
                            .at("/components/" + kind)
                            .propertyStream()
                            .map(part -> "#/components/" + kind + "/" + part.getKey())))
        .isNotEmpty()
        .isSubsetOf(DOCUMENT.findValuesAsText("$ref"));
  }

  @Test
  void everyExampleMatchesItsSchema() {
    var contract = new OpenApiContract(DOCUMENT);
    List<String> findings = new ArrayList<>();
    int examples = 0;
    for (JsonNode content : DOCUMENT.findValues("content")) {
      for (JsonNode media : content) {
        List<JsonNode> values = new ArrayList<>();
        media
            .path("examples")
            .forEach(example -> values.add(contract.resolve(example).get("value")));
        Optional.ofNullable(media.get("example")).ifPresent(values::add);
        for (JsonNode value : values) {
          examples++;
          contract.check(
              media.get("schema"), withAllowedModel(DOCUMENT, value), value.toString(), findings);
        }
      }
    }
    assertThat(examples).isGreaterThan(5);
    assertThat(findings).isEmpty();
  }

  /** Replaces the model of an example request by one that this instance allows. */
  private static JsonNode withAllowedModel(JsonNode document, JsonNode example) {
    if (example.has("id") || !example.has("model") || example.has("type")) {
      return example;
    }
    JsonNode models = document.at("/components/schemas/GenerationRequest/properties/model/enum");
    return ((ObjectNode) example.deepCopy()).set("model", models.get(0));
  }

  @Test
  void enumsMatchTheCode() {
    assertThat(enumerated("Status")).containsExactly(values(Status.values(), Status::value));
    assertThat(enumerated("FailureCode"))
        .containsExactly(values(Failure.Code.values(), Failure.Code::value));
    assertThat(enumerated("ProblemCode"))
        .containsExactly(values(ProblemCode.values(), ProblemCode::value));
    assertThat(texts(DOCUMENT.at("/components/schemas/Asset/properties/contentType/enum")))
        .containsExactly(values(MediaType.values(), MediaType::value));
  }

  @Test
  void everyProblemCodeIsDescribedWithItsStatus() {
    List<String> described = new ArrayList<>();
    for (JsonNode content : DOCUMENT.findValues("application/problem+json")) {
      JsonNode problem = content.at("/schema/properties");
      JsonNode codes = problem.get("code");
      List<String> names =
          codes.has("enum") ? texts(codes.get("enum")) : List.of(codes.get("const").textValue());
      for (String name : names) {
        described.add(name);
        if (problem.has("status")) {
          assertThat(code(name).status())
              .as(name)
              .isEqualTo(problem.at("/status/const").intValue());
        }
      }
    }
    assertThat(described).contains(values(ProblemCode.values(), ProblemCode::value));
  }

  @Test
  void theDocumentContainsTheSettingsOfTheInstance() {
    assertThat(DOCUMENT.at("/servers/0/url").textValue())
        .isEqualTo("https://studio.example/atelier");
    assertThat(field("prompt").get("maxLength").intValue()).isEqualTo(77);
    assertThat(texts(field("model").get("enum"))).containsExactly("pictures", "films");
    assertThat(field("model").get("default").textValue()).isEqualTo("films");
    assertThat(
            OpenApi.describe(
                    new Links(URI.create("https://studio.example"), Optional.empty()),
                    new AuthMode.None(),
                    new GenerationRules(new AllowedModels(List.of("film*"), "films"), 77))
                .at("/components/schemas/GenerationRequest/properties/model")
                .has("enum"))
        .as("patterns cannot be enumerated")
        .isFalse();
  }

  @Test
  void aBearerTokenIsRequiredUnlessAuthIsNone() {
    JsonNode withKeys = describe(new AuthMode.ApiKeys(List.of(new ApiKey("web", "0".repeat(64)))));

    assertThat(withKeys.at("/security/0").has("bearer")).isTrue();
    assertThat(DOCUMENT.get("security")).isEmpty();
    JsonNode output = DOCUMENT.at("/paths/~1api~1predictions~1{id}~1output~1{n}/get/security");
    assertThat(output.isArray()).isTrue();
    assertThat(output).isEmpty();
    assertThat(DOCUMENT.at("/paths/~1internal~1sweep/post/security/0").has("operator")).isTrue();
  }

  @Test
  void itsVersionIsTheBuildVersion() throws Exception {
    assertThat(Path.of("..", "pom.xml"))
        .content()
        .containsPattern(
            "<version>" + DOCUMENT.at("/info/version").textValue() + "(-SNAPSHOT)?</version>");
  }

  @ParameterizedTest
  @MethodSource("bounds")
  void theBoundsOfAFieldMatchTheDomain(
      String name, String minimumKeyword, String maximumKeyword, LongConsumer domain) {
    long minimum = field(name).get(minimumKeyword).longValue();
    long maximum = field(name).get(maximumKeyword).longValue();

    assertThat(accepts(domain, minimum)).isTrue();
    assertThat(accepts(domain, minimum - 1)).isFalse();
    assertThat(accepts(domain, maximum)).isTrue();
    assertThat(accepts(domain, maximum + 1)).isFalse();
  }

  static Stream<Arguments> bounds() {
    return Stream.of(
        bound("width", n -> GenerationOptions.requireSize("width", (int) n)),
        bound("height", n -> GenerationOptions.requireSize("height", (int) n)),
        bound("numInferenceSteps", n -> GenerationOptions.requireNumInferenceSteps((int) n)),
        bound("numOutputs", n -> GenerationOptions.requireNumOutputs((int) n)),
        bound("seed", GenerationOptions::requireSeed),
        bound("durationSeconds", n -> GenerationOptions.requireDurationSeconds((int) n)),
        length("prompt", text -> Prompt.of(text, 77)));
  }

  private static Arguments bound(String field, LongConsumer domain) {
    return Arguments.of(field, "minimum", "maximum", domain);
  }

  private static Arguments length(String field, Consumer<String> domain) {
    LongConsumer ofLength = n -> domain.accept("a".repeat((int) n));
    return Arguments.of(field, "minLength", "maxLength", ofLength);
  }

  @Test
  void textLimitsMatchTheDomain() {
    assertThat(field("negativePrompt").get("maxLength").intValue())
        .isEqualTo(NegativePrompt.MAX_LENGTH);
    JsonNode userId = DOCUMENT.at("/components/schemas/UserId");
    LongConsumer user = n -> new UserId("a".repeat((int) n));
    assertThat(accepts(user, userId.get("maxLength").longValue())).isTrue();
    assertThat(accepts(user, userId.get("maxLength").longValue() + 1)).isFalse();
    assertThat(accepts(user, userId.get("minLength").longValue())).isTrue();
    assertThat(accepts(user, userId.get("minLength").longValue() - 1)).isFalse();
  }

  @Test
  void defaultsMatchTheDomain() {
    GenerationOptions image = GenerationOptions.IMAGE_DEFAULTS;

    assertThat(
            DOCUMENT
                .at("/components/schemas/GenerationRequest/properties")
                .propertyStream()
                .filter(field -> field.getValue().has("default"))
                .map(field -> Map.entry(field.getKey(), field.getValue().get("default").asText())))
        .containsExactlyInAnyOrder(
            Map.entry("model", "films"),
            Map.entry("width", text(image.width())),
            Map.entry("height", text(image.height())),
            Map.entry("negativePrompt", image.negativePrompt().orElseThrow().value()),
            Map.entry("numInferenceSteps", text(image.numInferenceSteps())),
            Map.entry("numOutputs", text(image.numOutputs())),
            Map.entry("durationSeconds", text(GenerationOptions.VIDEO_DEFAULTS.durationSeconds())));
  }

  private static String text(OptionalInt number) {
    return Integer.toString(number.orElseThrow());
  }

  private static boolean accepts(LongConsumer domain, long value) {
    try {
      domain.accept(value);
      return true;
    } catch (InvalidValueException e) {
      return false;
    }
  }

  private static JsonNode field(String name) {
    return DOCUMENT.at("/components/schemas/GenerationRequest/properties/" + name);
  }

  private static ProblemCode code(String value) {
    return Stream.of(ProblemCode.values())
        .filter(code -> code.value().equals(value))
        .findFirst()
        .orElseThrow();
  }

  private static List<String> enumerated(String schema) {
    return texts(DOCUMENT.at("/components/schemas/" + schema + "/enum"));
  }

  private static List<String> texts(JsonNode array) {
    return array.valueStream().map(JsonNode::textValue).toList();
  }

  private static <T> String[] values(T[] values, Function<T, String> name) {
    return Stream.of(values).map(name).toArray(String[]::new);
  }
}
