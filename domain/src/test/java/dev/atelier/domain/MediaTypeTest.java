package dev.atelier.domain;

import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class MediaTypeTest {
  @ParameterizedTest
  @CsvSource({
    "00000018667479707174202000000200717420206d703432, MP4",
    "89504e470d0a1a0a, PNG",
    "ffd8ffe0, JPEG",
    "52494646303030305745425056503820, WEBP",
    "474946383961, GIF",
    "303030306674797061766966, AVIF",
    "30303030667479706d696631303030306d696631617669666d696166, AVIF",
    "303030306674797069736f6d3030303069736f6d69736f32617663316d703431, MP4",
    "30303030667479706d703432, MP4",
    "1a45dfa3303030304282847765626d, WEBM",
    "49443304, MP3",
    "fffb9000, MP3",
    "524946463030303057415645666d7420, WAV",
    "0000001466747970717420200000020071742020, QUICKTIME",
    "000000086d6f6f76, QUICKTIME",
    "0000000877696465000000006d646174, QUICKTIME",
    "0000001c667479704d3441200000020069736f6d69736f324d344120, M4A",
    "0000001c667479706d70343200000000 6d7034324d34412069736f6d, M4A",
    "0000001c667479704d345620000000014d3456204d3441206d703432, MP4",
    "0000001c6674797069736f6d0000000169736f6d617663314d344120, MP4",
    "00000018667479706865696300000000 6d69663168656963, HEIC",
    "00000018667479706d69663100000000 6d69663168656963, HEIC",
    "00000018667479706d69663100000000 6d6966316d696166, HEIF",
    "00000018667479703367703500000000 3367703533677034, BINARY",
    "664c614300000022, FLAC",
    "4f67675300020000000000000000000000000000000000000000011e01766f72626973, OGG",
    "4f67675300020000000000000000000000000000000000000000011e4f70757348656164, OGG",
    "4f67675300020000000000000000000000000000000000000000012a807468656f7261, OGV",
    "424d3600000000000000360000002800000001000000ffffffff, BMP",
    "424d2c69206c6f76652074686520736561, TEXT",
    "49492a0008000000, TIFF",
    "4d4d002a00000008, TIFF",
    "49492b0008000000, TIFF",
    "ff0a0000, JXL",
    "0000000c4a584c200d0a870a, JXL",
    "676c54460200000010000000, GLB",
    "504b0304, ZIP",
    "504b0506, ZIP",
    "1f8b0808, GZIP",
    "255044462d312e37, PDF",
    "524946463030303041564920, BINARY",
    "1a45dfa330303030428288 6d6174726f736b61, BINARY",
    "89504e, BINARY",
    "ffffffff, BINARY",
    "fff15040, BINARY",
    "4d5a9000, BINARY",
    "7f454c46, BINARY",
    "00, BINARY",
  })
  void detectsTheTypeByTheFirstBytes(String head, MediaType type) {
    assertThat(MediaType.detect(HexFormat.of().parseHex(head.replace(" ", "")))).contains(type);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<svg xmlns='http://www.w3.org/2000/svg'/>",
        "<SVG>",
        "<svg:svg xmlns:svg='http://www.w3.org/2000/svg'>",
        "\u00EF\u00BB\u00BF \n<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!-- by > us -->\n<svg>",
        "<?xml version='1.0'?><!DOCTYPE svg PUBLIC '-//W3C//DTD SVG 1.1//EN' 'svg11.dtd'><svg>",
        "<!DOCTYPE svg [<!ENTITY ns 'x>y'>]><svg>",
        "<?xml-stylesheet href='a>b'?><svg width='1'>",
      })
  void aDocumentWithAnSvgRootIsAnImage(String document) {
    assertThat(MediaType.detect(latin1(document))).contains(MediaType.SVG);
    assertThat(MediaType.detect(document.replace("\u00EF\u00BB\u00BF", "").getBytes(UTF_16)))
        .contains(MediaType.SVG);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " \r\n\t",
        "<html><body>Bad Gateway",
        "<!DOCTYPE html>",
        "<!doctype HTML PUBLIC \"-//W3C//DTD HTML 4.01//EN\"><svg>",
        "  \n<!-- <svg> --><html>",
        "<p>Sorry, <svg/></p>",
        "<HEAD",
        "<xhtml:html>",
        "<?xml version='1.0'?><Error><Code>AccessDenied</Code></Error>",
        "<Error xmlns='http://www.w3.org/2000/svg'>",
        "<svgx>",
        "{\"error\": 1}",
        " {}",
        "[{\"error\": 1}]",
        "[]",
        "[1, 2]",
        "null",
        "true\n",
        "\"not found\"",
      })
  void rejectsErrorPagesJsonAndEmptyFilesInAnyEncoding(String text) {
    assertThat(MediaType.detect(latin1(text))).isEmpty();
    assertThat(MediaType.detect(("\uFEFF" + text).getBytes(UTF_8))).isEmpty();
    assertThat(MediaType.detect(("\uFEFF" + text).getBytes(UTF_16LE))).isEmpty();
    assertThat(MediaType.detect(("\uFEFF" + text).getBytes(UTF_16BE))).isEmpty();
    assertThat(MediaType.detect((text + "    ").getBytes(UTF_16LE))).isEmpty();
    assertThat(MediaType.detect((text + "    ").getBytes(UTF_16BE))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "plain text",
        "Bad Gateway",
        "the wide sea",
        "{\\rtf1 text}",
        "# a comment\nv 1.0 2.0 3.0",
        "<3",
        "<!-- never closed <html>",
        "gr\u00FC\u00DFe",
      })
  void otherTextIsPlainText(String text) {
    assertThat(MediaType.detect(text.getBytes(UTF_8))).contains(MediaType.TEXT);
  }

  @ParameterizedTest
  @EnumSource(
      names = {
        "PNG",
        "JPEG",
        "WEBP",
        "GIF",
        "AVIF",
        "MP4",
        "QUICKTIME",
        "WEBM",
        "OGV",
        "MP3",
        "M4A",
        "WAV",
        "FLAC",
        "OGG"
      },
      mode = EnumSource.Mode.EXCLUDE)
  void typesThatBrowsersRunOrCannotShowAreAttachments(MediaType type) {
    assertThat(type.isInline()).isFalse();
  }

  @Test
  void noTwoTypesShareAValueOrAnExtension() {
    assertThat(MediaType.values()).extracting(MediaType::value).doesNotHaveDuplicates();
    assertThat(MediaType.values()).extracting(MediaType::extension).doesNotHaveDuplicates();
  }

  @Test
  void everyFileHasAType() {
    var random = new Random(11);
    for (int i = 0; i < 20_000; i++) {
      byte[] head = new byte[random.nextInt(1, 64)];
      random.nextBytes(head);
      head[0] |= (byte) 0x80; // neither markup nor JSON nor white space
      assertThat(MediaType.detect(head)).as(HexFormat.of().formatHex(head)).isPresent();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"<!--", "<?", "<!DOCTYPE [", "<", "{", "[", " ", "<a:", "\"", "ftyp"})
  void detectionIsFastForRepeatedPatterns(String text) {
    byte[] head = latin1(text.repeat(MediaType.HEAD_LENGTH / text.length()));

    assertTimeout(Duration.ofSeconds(1), () -> MediaType.detect(head));
  }

  @Test
  void theExtensionFollowsTheType() {
    assertThat(BlobKey.of(Generations.submitting().id(), 2, MediaType.JPEG).value())
        .endsWith("/2.jpg");
  }

  private static byte[] latin1(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
