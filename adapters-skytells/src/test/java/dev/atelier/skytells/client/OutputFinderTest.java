package dev.atelier.skytells.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atelier.domain.Output;
import dev.atelier.skytells.client.OutputFinder.Found;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OutputFinderTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      textBlock =
          """
          "https://c/a"                                                        | https://c/a
          ["https://c/a","https://c/b"]                                        | https://c/a https://c/b
          {"url":"https://c/a"}                                                | https://c/a
          [{"url":"https://c/a"},"https://c/b"]                                | https://c/a https://c/b
          [["https://c/a"],[["https://c/b"]]]                                  | https://c/a https://c/b
          {"images":[{"url":"https://c/a"},{"url":"https://c/b"}]}             | https://c/a https://c/b
          {"files":["https://c/a"]}                                            | https://c/a
          [{"image_url":{"url":"https://c/a"}}]                                | https://c/a
          [{"uri":"https://c/a"}]                                              | https://c/a
          {"video":{"url":"https://c/a","duration":5}}                         | https://c/a
          {"image":"https://c/a"}                                              | https://c/a
          {"anything":{"we":{"never":["https://c/a"]}}}                        | https://c/a
          [{"b64_json":"iVBORw0KGgo="}]                                        | data:;base64,iVBORw0KGgo=
          "data:image/png;base64,iVBORw0KGgo="                                 | data:image/png;base64,iVBORw0KGgo=
          ["https://c/a","https://c/a",{"url":"https://c/a"}]                  | https://c/a
          [{"url":"https://c/a","b64_json":"aaaa","download_url":"https://c/b"}] | https://c/a
          [{"url":null,"b64_json":"aaaa"}]                                     | data:;base64,aaaa
          {"thumbnail":"https://c/t","image":"https://c/a"}                    | https://c/a
          {"url":"https://c/a","thumbnail":{"url":"https://c/t"}}              | https://c/a
          {"url":"https://c/a","variants":["https://c/b"]}                     | https://c/a https://c/b
          {"url":"https://c/a","urls":{"get":"https://api/p"},"input":{"image":"https://c/i"}} | https://c/a
          ["ftp://c/a"]                                                        | ftp://c/a
          [null,"","https://c/a",7,[],{}]                                      | https://c/a
          ["https://c/b",{"url":"https://c/a"},"https://c/b"]                  | https://c/b https://c/a
          """)
  void resultsAreFoundInEveryForm(String output, String urls) {
    assertThat(find("{\"output\":" + output + "}"))
        .isEqualTo(new Found.Results(Stream.of(urls.split(" ")).map(Output::new).toList()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "[]", "{}", "\"\"", "[null]", "[\"\",{}]", "[{\"url\":null}]"})
  void anEmptyOutputHasNoResults(String output) {
    assertThat(find("{\"output\":" + output + "}")).isEqualTo(new Found.Nothing());
  }

  @Test
  void aMissingOutputHasNoResults() {
    assertThat(find("{}")).isEqualTo(new Found.Nothing());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      textBlock =
          """
          "a text about secrets"                        | string
          {"pages":3,"title":"secret"}                  | {pages: number, title: string}
          [{"path":"/tmp/secret.png"},{"path":"b"}]     | [2 × {path: string}]
          {"thumbnail":"https://c/secret"}              | {thumbnail: string}
          {"a secret name":true}                        | {?: boolean}
          """)
  void anUnreadableOutputIsDescribedWithoutItsValues(String output, String structure) {
    assertThat(find("{\"output\":" + output + "}")).isEqualTo(new Found.Unreadable(structure));
  }

  @Test
  void aLongDescriptionIsTruncated() {
    String members =
        String.join(
            ",",
            Stream.iterate(0, i -> i < 50, i -> i + 1)
                .map(i -> "\"member_with_a_long_name_%d\":[{\"x\":1}]".formatted(i))
                .toList());

    assertThat(find("{\"output\":{" + members + "}}"))
        .isInstanceOfSatisfying(
            Found.Unreadable.class,
            unreadable -> assertThat(unreadable.structure()).hasSizeLessThan(410));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      textBlock =
          """
          "output":null,            | https://c/file
          "output":[],              | https://c/file
                                    | https://c/file
          "output":["https://c/a"], | https://c/a
          """)
  void storedFilesAreUsedOnlyIfTheOutputHasNoResults(@Nullable String output, String url) {
    String files =
        "\"metadata\":{\"storage\":{\"files\":[{\"name\":\"a\",\"url\":\"https://c/file\"}]}}";
    assertThat(find("{" + Objects.requireNonNullElse(output, "") + files + "}"))
        .isEqualTo(new Found.Results(List.of(new Output(url))));
  }

  @Test
  void atMostSixtyFourResultsAreKept() {
    String many =
        String.join(
            ",",
            Stream.iterate(0, i -> i < 1000, i -> i + 1)
                .map(i -> "\"https://c/" + i + "\"")
                .toList());

    assertThat(find("{\"output\":[" + many + "]}"))
        .isInstanceOfSatisfying(
            Found.Results.class, results -> assertThat(results.outputs()).hasSize(64));
  }

  private static Found find(String json) {
    return OutputFinder.find(Fixtures.read(json).orElseThrow());
  }
}
