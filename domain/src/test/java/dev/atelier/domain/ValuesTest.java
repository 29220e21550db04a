package dev.atelier.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ValuesTest {
  private static final int MAX = 1000;

  @Test
  void trimsAndCleansAPrompt() {
    assertThat(Prompt.of("  a <b>bold</b> cat\n\n\n\nin rain\r\n\r\n\r\n! ", MAX).value())
        .isEqualTo("a bbold/b cat\n\nin rain\n\n!");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "  ", "ab", " ab ", "<<>>", "a<b", "\n\n\n"})
  void rejectsAPromptOfFewerThanThreeCharacters(String text) {
    assertThatThrownBy(() -> Prompt.of(text, MAX))
        .isInstanceOfSatisfying(
            InvalidValueException.class, e -> assertThat(e.field()).isEqualTo("prompt"));
  }

  @Test
  void acceptsAPromptOfUpToAThousandCharacters() {
    assertThatCode(() -> Prompt.of("x".repeat(MAX), MAX)).doesNotThrowAnyException();
    assertThatCode(() -> Prompt.of(" " + "🖼".repeat(MAX) + " ", MAX)).doesNotThrowAnyException();
    assertThatThrownBy(() -> Prompt.of("x".repeat(MAX + 1), MAX))
        .hasMessage("must have at most 1000 characters");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a cat\0", "a cat \uD83D", "\uDE00 a cat"})
  void rejectsTextThatADatabaseCannotStore(String text) {
    assertThatThrownBy(() -> Prompt.of(text, MAX)).isInstanceOf(InvalidValueException.class);
    assertThatThrownBy(() -> NegativePrompt.of(text)).isInstanceOf(InvalidValueException.class);
    assertThatThrownBy(() -> new UserId(text)).isInstanceOf(InvalidValueException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\u200B\u200B\u200B\u200B", // zero width spaces
        "\u0301\u0301\u0301", // combining marks without a base
        "\u20DD\u20DD\u20DD", // enclosing marks
        "\u093F\u093F\u093F", // spacing marks
        "\u3164\u3164\u3164", // Hangul fillers
        "\u2800\u2800\u2800", // empty Braille patterns
        "\uFE0F\uFE0F\uFE0F", // variation selectors
        "\u00AD\u00AD\u00AD", // soft hyphens
        "\uDB40\uDC41\uDB40\uDC42\uDB40\uDC43", // tags
        "\u2065\u2065\u2065", // reserved, and invisible by default
        "\u202E \u2066 \u200F\u00A0\u2028\u200D" // directions, spaces and joiners
      })
  void rejectsAPromptWithoutAVisibleCharacter(String text) {
    assertThatThrownBy(() -> Prompt.of(text, MAX))
        .isInstanceOfSatisfying(
            InvalidValueException.class, e -> assertThat(e.field()).isEqualTo("prompt"))
        .hasMessage("must have at least one visible character");
    assertThat(NegativePrompt.of(text).value()).isEmpty();
    assertThatCode(() -> new Prompt(text)).as("as it was stored").doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "👨\u200D👩\u200D👧 at sea", // joined emoji
        "❤\uFE0F\u200D🔥", // variation selector
        "🏴\uDB40\uDC67\uDB40\uDC62\uDB40\uDC65\uDB40\uDC6E\uDB40\uDC67\uDB40\uDC7F", // flag by
        // tags
        "\u200Fשלום\u200E world", // marks of direction
        "\u2067مرحبا\u2069 abc", // isolates
        "cafe\u0301", // a mark on its base
        "कवि", // spacing mark
        "می\u200Cخواهم", // non-joiner
        "𒀀𒀁𒀂", // cuneiform
        "ᠠ\u180Bᠡᠢ", // Mongolian variation selector
        "\uE000\uE001\uE002", // private use
        "a\tb\nc", // tab and newline
        "a\u00A0b\u2028c" // other spaces inside
      })
  void keepsTextInAnyScript(String text) {
    assertThat(Prompt.of(text, MAX).value()).isEqualTo(text);
    assertThat(NegativePrompt.of(text).value()).isEqualTo(text);
  }

  @Test
  void removesControlCharactersAndNoncharacters() {
    String raw =
        "\u0007a\u001B[31m c\bat\u007F\u0085 in\u009B\uFFFE \uFDD0rain\uD83F\uDFFF\f\u000B\n\u0001\n\u0002\n";

    assertThat(Prompt.of(raw + "!", MAX).value()).isEqualTo("a[31m cat in rain\n\n!");
    assertThat(NegativePrompt.of(raw).value()).isEqualTo("a[31m cat in rain");
    assertThatThrownBy(() -> Prompt.of("\u001B\u001B\u001Bab", MAX))
        .hasMessageContaining("at least 3");
  }

  @Test
  void cleaningLeavesNoControlCharacterOrNoncharacter() {
    for (int c = 1; c <= Character.MAX_CODE_POINT; c++) {
      boolean surrogate = c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
      boolean removed =
          (c < 0x20 && c != '\t' && c != '\n' && c != '\r')
              || (c >= 0x7F && c <= 0x9F)
              || (c >= 0xFDD0 && c <= 0xFDEF)
              || (c & 0xFFFF) >= 0xFFFE
              || c == '<'
              || c == '>';
      if (!surrogate && c != '\r') {
        String text = "a" + Character.toString(c) + "b";
        assertThat(TextSanitizer.clean(text)).isEqualTo(removed ? "ab" : text);
      }
    }
  }

  @Test
  void aRequestIsEquivalentToOneStoredBeforeCleaning() {
    GenerationRequest today = request("a cat", "a dog");

    assertThat(today.isEquivalentTo(request("a \u001Bcat\uFFFF", "a \u0007dog"))).isTrue();
    assertThat(request("a \u001Bcat", "a dog").isEquivalentTo(today)).isTrue();
    assertThat(today.isEquivalentTo(request("a bat", "a dog"))).isFalse();
    assertThat(today.isEquivalentTo(request("a cat", "a bat"))).isFalse();
    assertThat(request("\u001B\u001B\u001B", "").isEquivalentTo(today)).isFalse();
  }

  /** As it may be stored. */
  private static GenerationRequest request(String prompt, String negativePrompt) {
    GenerationRequest request = Generations.request();
    return new GenerationRequest(
        request.model(),
        Optional.of(new Prompt(prompt)),
        new GenerationOptions(
            OptionalInt.empty(),
            OptionalInt.empty(),
            OptionalInt.empty(),
            Optional.of(new NegativePrompt(negativePrompt)),
            OptionalInt.empty(),
            OptionalLong.empty(),
            OptionalInt.empty()),
        request.parameters(),
        request.input(),
        request.files(),
        request.price());
  }

  @Test
  void acceptsAnIdempotencyKeyOfUpTo255PrintableCharacters() {
    assertThatCode(() -> new IdempotencyKey("~".repeat(255))).doesNotThrowAnyException();
    for (String text : List.of("", "x".repeat(256), "a\tb", "a\0", "schön")) {
      assertThatThrownBy(() -> new IdempotencyKey(text))
          .isInstanceOfSatisfying(
              InvalidValueException.class, e -> assertThat(e.field()).isEqualTo("Idempotency-Key"));
    }
  }

  @Test
  void promptsAndOutputUrlsAreNotPrinted() {
    GenerationRequest request = Generations.request();

    assertThat(Generations.storing().toString())
        .doesNotContain(request.prompt().orElseThrow().value())
        .doesNotContain(Generations.OUTPUT.url())
        .doesNotContain("watermark");
  }

  @Test
  void allowsModelsByNameAndPatternIgnoringCase() {
    var allowed = new AllowedModels(List.of("truefusion-pro", "flux-*", "*-video"), "flux-pro");

    assertThat(List.of("TrueFusion-Pro", "FLUX-2.0", "flux-", "truefusion-video"))
        .allMatch(allowed::allows);
    assertThat(List.of("truefusion-pro2", "flux", "fluxx", "truefusion_pro", "", "video"))
        .noneMatch(allowed::allows);
    assertThat(allowed.names("TRUEFUSION-PRO")).isTrue();
    assertThat(allowed.names("flux-pro")).isFalse();
    assertThat(new AllowedModels(List.of("*"), "any").allows("anything")).isTrue();
  }

  @Test
  void anAllowListHasValidPatternsAndItsDefaultModel() {
    assertThatThrownBy(() -> new AllowedModels(List.of("flux-*"), "truefusion-pro"))
        .hasMessageContaining("default model");
    for (String pattern : List.of("", "a b", "flux-[12]", "a/b")) {
      assertThatThrownBy(() -> new AllowedModels(List.of("*", pattern), "any"))
          .as(pattern)
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void imagesHaveTheSeedsDefaults() {
    assertThat(Generations.request().options())
        .isEqualTo(
            new GenerationOptions(
                OptionalInt.of(1024),
                OptionalInt.of(1024),
                OptionalInt.of(30),
                Optional.of(new NegativePrompt("blurry, watermark, low quality")),
                OptionalInt.of(1),
                OptionalLong.empty(),
                OptionalInt.empty()));
  }

  @ParameterizedTest
  @ValueSource(ints = {255, 2049, 0, -1, Integer.MAX_VALUE})
  void rejectsASizeOutOfBounds(int pixels) {
    assertThatThrownBy(() -> GenerationOptions.requireSize("width", pixels))
        .hasMessage("must be between 256 and 2048");
  }

  @Test
  void rejectsOptionsOutOfBounds() {
    assertThatThrownBy(() -> GenerationOptions.requireNumOutputs(5))
        .hasMessageContaining("1 and 4");
    assertThatThrownBy(() -> GenerationOptions.requireNumInferenceSteps(0))
        .hasMessageContaining("1 and 100");
    assertThatThrownBy(() -> GenerationOptions.requireSeed(1L << 32))
        .hasMessageContaining("4294967295");
    assertThatThrownBy(() -> GenerationOptions.requireDurationSeconds(2))
        .hasMessageContaining("3 and 30");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "1-1-1-1-1", "../../etc/passwd", "0198%00"})
  void aMalformedGenerationIdIsEmpty(String text) {
    assertThat(GenerationId.parse(text)).isEmpty();
  }

  @Test
  void parsesAGenerationIdInAnyCase() {
    var id = new GenerationId(UUID.fromString("0198c0de-0000-7000-8000-00000000abcd"));

    assertThat(GenerationId.parse("0198C0DE-0000-7000-8000-00000000ABCD")).contains(id);
    assertThat(id).hasToString("0198c0de-0000-7000-8000-00000000abcd");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a/b", "..", "a b", "pred_é"})
  void rejectsAPredictionIdThatIsUnsafeInAPath(String text) {
    assertThat(PredictionId.parse(text)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/etc/passwd",
        "generations/../0.png",
        "generations/0198c0de-0000-7000-8000-00000000abcd/../0.png",
        "generations/0198c0de-0000-7000-8000-00000000abcd/0",
        "generations/0198c0de-0000-7000-8000-00000000abcd/0.png/x"
      })
  void rejectsABlobKeyWithPathTraversal(String key) {
    assertThatThrownBy(() -> new BlobKey(key)).isInstanceOf(InvalidValueException.class);
  }

  @Test
  void removesNulCharactersFromAnOutputUrl() {
    assertThat(new Output("https://cdn\0/a").url()).isEqualTo("https://cdn/a");
  }

  @Test
  void truncatesADiagnostic() {
    assertThat(new Failure(Failure.Code.GENERATION_FAILED, "x\0".repeat(1000)).diagnostic())
        .isEqualTo("x".repeat(Failure.MAX_DIAGNOSTIC_LENGTH));
  }
}
