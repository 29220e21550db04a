package dev.atelier.domain;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
  })
  void theFirstBytesTellTheType(String head, MediaType type) {
    assertThat(MediaType.detect(HexFormat.of().parseHex(head))).contains(type);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "<html><body>Bad Gateway",
        "<svg xmlns='http://www.w3.org/2000/svg'/>",
        "{\"error\": 1}",
        "plain text",
        "%PDF-1.7",
        "RIFF0000AVI ",
        "0000ftypheic0000mif1heic",
        "0000ftypqt  ",
        "\u001AE\u00DF\u00A30000B\u0082\u0088matroska",
        "\u0089PN",
        "\u00FF\u00FF\u00FF\u00FF",
        "\u00FF\u00FE<\0h\0t\0m\0l\0>\0",
        "\u00FE\u00FF\0<\0h\0t\0m\0l\0>",
        "\u00EF\u00BB\u00BF<html>",
        "\u00FF\u00F1P@",
        "MZ\u0090\0",
        "\u007FELF",
      })
  void whatIsNoneOfTheTypesIsRefused(String head) {
    assertThat(MediaType.detect(latin1(head))).isEmpty();
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
