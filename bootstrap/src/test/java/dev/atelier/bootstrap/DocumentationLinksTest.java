package dev.atelier.bootstrap;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Relative links of the documentation point to existing files, types and methods. */
class DocumentationLinksTest {
  private static final Pattern LINK =
      Pattern.compile("\\[([^]\\[]+)]\\(([^)#:\\s]+)(?:#[^)]*)?\\)");
  private static final Pattern CODE = Pattern.compile("`(\\w+)(?:\\.(\\w+))?`");

  static List<Path> pages() throws IOException {
    try (Stream<Path> docs = Files.walk(Markdown.REPOSITORY.resolve("docs"))) {
      Stream<Path> roots =
          Stream.of("README.md", "CONTRIBUTING.md", "CHANGELOG.md")
              .map(Markdown.REPOSITORY::resolve);
      return Stream.concat(roots, docs.filter(file -> file.toString().endsWith(".md"))).toList();
    }
  }

  @ParameterizedTest
  @MethodSource("pages")
  void everyRelativeLinkLeadsToAFile(Path page) throws IOException {
    assertThat(Markdown.read(page).links()).allSatisfy(file -> assertThat(file).exists());
  }

  @ParameterizedTest
  @MethodSource("pages")
  void everyLinkToCodeNamesAnExistingTypeAndMethod(Path page) throws IOException {
    for (MatchResult link : links(page)) {
      var code = CODE.matcher(link.group(1));
      if (!link.group(2).endsWith(".java") || !code.matches()) {
        continue;
      }
      Path file = page.resolveSibling(link.group(2));
      assertThat(file.getFileName().toString()).as(link.group()).isEqualTo(code.group(1) + ".java");
      if (code.group(2) != null) {
        assertThat(Files.readString(file, UTF_8))
            .as(link.group())
            .contains(" " + code.group(2) + "(");
      }
    }
  }

  private static List<MatchResult> links(Path page) throws IOException {
    return LINK.matcher(Files.readString(page, UTF_8)).results().toList();
  }
}
