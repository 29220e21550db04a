package dev.atelier.domain;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.SplittableRandom;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class DimensionsTest {
  private static final Dimensions SIZE = new Dimensions(33, 17);

  /** The first bytes of 33 x 17 images encoded by cwebp 1.2.4 and avifenc 0.11.1. */
  private static final Map<String, String> MADE_BY_OTHERS =
      Map.of(
          "lossy.webp",
          "52494646d40000005745425056503820c8000000f005009d012a210011003eed6cac",
          "lossless.webp",
          "524946462c000000574542505650384c200000002f20000400cd6444ff036a1a4981",
          "extended.webp",
          "524946460e01000057454250565038580a00000010000000200000100000414c5048",
          "still.avif",
          """
          00000020667479706176696600000000617669666d6966316d6961664d413141000000f26d657461\
          000000000000002868646c720000000000000000706963740000000000000000000000006c696261\
          766966000000000e7069746d0000000000010000001e696c6f630000000044000001000100000001\
          0000011a0000008c0000002869696e660000000000010000001a696e666502000000000100006176\
          3031436f6c6f72000000006a697072700000004b6970636f00000014697370650000000000000021\
          00000011000000107069786900000000030808080000000c617631438120000000000013636f6c72\
          6e636c780001000d0006800000001769706d610000000000000001000104010283040000\
          """);

  @ParameterizedTest
  @CsvSource({"png, PNG", "jpg, JPEG", "gif, GIF"})
  void readsTheSizeOfAnImage(String format, MediaType type) throws IOException {
    var bytes = new ByteArrayOutputStream();
    assertThat(ImageIO.write(image(), format, bytes)).isTrue();

    assertThat(Dimensions.of(type, bytes.toByteArray())).contains(SIZE);
  }

  @ParameterizedTest
  @CsvSource({
    "lossy.webp, WEBP",
    "lossless.webp, WEBP",
    "extended.webp, WEBP",
    "still.avif, AVIF",
  })
  void readsTheSizeOfAnImageByOtherEncoders(String name, MediaType type) {
    byte[] head = HexFormat.of().parseHex(MADE_BY_OTHERS.get(name));

    assertThat(MediaType.detect(head)).contains(type);
    assertThat(Dimensions.of(type, head)).contains(SIZE);
  }

  @Test
  void readsTheSizeOfAProgressiveJpeg() throws IOException {
    assertThat(Dimensions.of(MediaType.JPEG, jpeg(true))).contains(SIZE);
  }

  @Test
  void readsAJpegSizeBehindAPreviewAndAProfile() throws IOException {
    assertThat(Dimensions.of(MediaType.JPEG, head(jpegBehindSegments(2)))).contains(SIZE);
    assertThat(Dimensions.of(MediaType.JPEG, head(jpegBehindSegments(3)))).isEmpty();
  }

  @Test
  void readsTheLargestItemOfAnAvif() {
    byte[] sizes = ispe(64, 64);
    byte[] both = concat(sizes, ispe(100, 80), ispe(10, 10));
    byte[] avif =
        concat(
            box("ftyp", "avif0000".getBytes(US_ASCII)),
            box("meta", concat(new byte[4], box("iprp", box("ipco", both)))));

    assertThat(Dimensions.of(MediaType.AVIF, avif)).contains(new Dimensions(100, 80));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "89504e470d0a1a0a0000000d494844520000000000000011", // width 0
        "89504e470d0a1a0a0000000d494844520000002100010000", // height above the maximum
        "89504e470d0a1a0a0000000d49484452ffffffffffffffff", // both above the maximum
        "89504e470d0a1a0a0000000d494844520000002100000", // cut off
        "89504e470d0a1a0a0000000d746578740000002100000011", // not an IHDR chunk
      })
  void anImplausibleSizeIsUnknown(String head) {
    byte[] bytes = HexFormat.of().parseHex(head, 0, head.length() / 2 * 2);

    assertThat(Dimensions.of(MediaType.PNG, bytes)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ffd8ffe00000", // a segment of length 0
        "ffd8ffe00001ffc0001108001100210301", // a segment shorter than its length field
        "ffd8ffffffffffff", // only fill bytes
        "ffd8ffda0002ffc0001108001100210301", // a scan before the frame
        "ffd8ffe0ffff", // a segment longer than the file
        "ffd8ffc000110800", // cut off
        "ffd8ffc0001108000000210301", // height 0: defined after the scan
        "ffd8ffd0ffd1ffd2", // no segments
        "ffd8000000000000", // no markers
      })
  void theSizeOfAMalformedJpegIsUnknown(String head) {
    assertThat(Dimensions.of(MediaType.JPEG, HexFormat.of().parseHex(head))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0000000066747970", // size 0: to the end of the file
        "0000000166747970ffffffffffffffff", // a negative 64-bit size
        "00000001667479707fffffffffffffff", // a 64-bit size larger than the file
        "0000000166747970", // a missing 64-bit size
        "0000000766747970", // a size smaller than the box header
        "0000000c6d657461000000000000000c69707270", // an empty box
      })
  void theSizeOfAMalformedAvifIsUnknown(String head) {
    assertThat(Dimensions.of(MediaType.AVIF, HexFormat.of().parseHex(head))).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(
      value = MediaType.class,
      names = {"PNG", "JPEG", "WEBP", "GIF", "AVIF", "HEIC", "HEIF", "BMP"},
      mode = EnumSource.Mode.EXCLUDE)
  void otherTypesHaveNoDimensions(MediaType type) {
    assertThat(Dimensions.of(type, new byte[64])).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "424d00000000000000003600000028000000 80020000 e0010000, 640, 480",
    "424d00000000000000003600000028000000 80020000 20feffff, 640, 480", // rows from the top
    "424d0000000000000000360000000c000000 8002e001 01001800, 640, 480",
  })
  void readsTheSizeOfABitmap(String head, int width, int height) {
    byte[] bitmap = HexFormat.of().parseHex(head.replace(" ", ""));

    assertThat(Dimensions.of(MediaType.BMP, bitmap)).contains(new Dimensions(width, height));
  }

  /** Truncated and corrupted image headers, and random bytes. */
  @Test
  @Timeout(120)
  void noHeaderHangsOrThrows() throws IOException {
    var random = new SplittableRandom(1);
    byte[][] heads = heads();
    int known = 0;
    for (int i = 0; i < 200_000; i++) {
      byte[] head = corrupted(heads[i % heads.length], random);
      for (MediaType type : MediaType.values()) {
        known += Dimensions.of(type, head).isPresent() ? 1 : 0;
      }
    }

    assertThat(known).isBetween(10_000, 1_800_000);
  }

  @ParameterizedTest
  @CsvSource({"0, 1, width", "1, 0, height", "65536, 1, width", "1, -1, height"})
  void rejectsASideOutOfBounds(int width, int height, String field) {
    assertThatThrownBy(() -> new Dimensions(width, height))
        .isInstanceOfSatisfying(
            InvalidValueException.class, e -> assertThat(e.field()).isEqualTo(field));
  }

  private static byte[][] heads() throws IOException {
    var png = new ByteArrayOutputStream();
    ImageIO.write(image(), "png", png);
    var gif = new ByteArrayOutputStream();
    ImageIO.write(image(), "gif", gif);
    byte[][] others =
        MADE_BY_OTHERS.values().stream().map(HexFormat.of()::parseHex).toArray(byte[][]::new);
    byte[][] heads = Arrays.copyOf(others, others.length + 5);
    heads[others.length] = png.toByteArray();
    heads[others.length + 1] = gif.toByteArray();
    heads[others.length + 2] = jpeg(false);
    heads[others.length + 3] = jpeg(true);
    heads[others.length + 4] = new byte[64];
    return heads;
  }

  private static byte[] corrupted(byte[] head, SplittableRandom random) {
    byte[] spoilt = Arrays.copyOf(head, random.nextInt(head.length + 1));
    int blows = random.nextInt(4);
    for (int i = 0; i < blows && spoilt.length > 0; i++) {
      byte[] likely = {0, 1, (byte) 0xFF, 0x7F, (byte) 0x80, (byte) random.nextInt()};
      spoilt[random.nextInt(spoilt.length)] = likely[random.nextInt(likely.length)];
    }
    return spoilt;
  }

  private static BufferedImage image() {
    return new BufferedImage(SIZE.width(), SIZE.height(), BufferedImage.TYPE_INT_RGB);
  }

  private static byte[] jpeg(boolean progressive) throws IOException {
    var bytes = new ByteArrayOutputStream();
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    ImageWriteParam how = writer.getDefaultWriteParam();
    how.setProgressiveMode(
        progressive ? ImageWriteParam.MODE_DEFAULT : ImageWriteParam.MODE_DISABLED);
    try (var out = ImageIO.createImageOutputStream(bytes)) {
      writer.setOutput(out);
      writer.write(null, new IIOImage(image(), null, null), how);
    } finally {
      writer.dispose();
    }
    return bytes.toByteArray();
  }

  /** Each segment contains bytes that look like another size, as a preview does. */
  private static byte[] jpegBehindSegments(int segments) throws IOException {
    byte[] jpeg = jpeg(false);
    byte[] segment = new byte[65_000];
    byte[] start = HexFormat.of().parseHex("ffe1fde6ffc0001108000100010301");
    System.arraycopy(start, 0, segment, 0, start.length);
    var larger = new ByteArrayOutputStream();
    larger.write(jpeg, 0, 2);
    for (int i = 0; i < segments; i++) {
      larger.writeBytes(segment);
    }
    larger.write(jpeg, 2, jpeg.length - 2);
    return larger.toByteArray();
  }

  private static byte[] head(byte[] bytes) {
    return Arrays.copyOf(bytes, Math.min(bytes.length, Dimensions.HEAD_LENGTH));
  }

  private static byte[] ispe(int width, int height) {
    return box("ispe", ByteBuffer.allocate(12).putInt(0).putInt(width).putInt(height).array());
  }

  private static byte[] box(String type, byte[] content) {
    return ByteBuffer.allocate(8 + content.length)
        .putInt(8 + content.length)
        .put(type.getBytes(US_ASCII))
        .put(content)
        .array();
  }

  private static byte[] concat(byte[]... parts) {
    var whole = new ByteArrayOutputStream();
    Arrays.stream(parts).forEach(whole::writeBytes);
    return whole.toByteArray();
  }
}
