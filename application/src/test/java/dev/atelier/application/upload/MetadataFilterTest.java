package dev.atelier.application.upload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atelier.domain.MediaType;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class MetadataFilterTest {
  /** Stands for a location or a name. */
  private static final String PRIVATE = "48.858N 2.294E";

  private static byte[] image(String format) throws IOException {
    var image = new BufferedImage(64, 48, BufferedImage.TYPE_INT_RGB);
    for (int x = 0; x < 64; x++) {
      for (int y = 0; y < 48; y++) {
        image.setRGB(x, y, ((x * 4) << 16) | ((y * 5) << 8) | (x ^ y));
      }
    }
    var bytes = new ByteArrayOutputStream();
    assertThat(ImageIO.write(image, format, bytes)).isTrue();
    return bytes.toByteArray();
  }

  private static byte[] filter(MediaType type, byte[] file) throws IOException {
    return MetadataFilter.of(type, new ByteArrayInputStream(file)).readAllBytes();
  }

  private static void assertSamePixels(byte[] actual, byte[] expected) throws IOException {
    BufferedImage one = ImageIO.read(new ByteArrayInputStream(actual));
    BufferedImage other = ImageIO.read(new ByteArrayInputStream(expected));
    int[] pixels = one.getRGB(0, 0, 64, 48, null, 0, 64);
    assertThat(pixels).isEqualTo(other.getRGB(0, 0, 64, 48, null, 0, 64));
  }

  private static byte[] concat(byte[]... parts) {
    var bytes = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      bytes.writeBytes(part);
    }
    return bytes.toByteArray();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  /** Inserts after the first {@code at} bytes. */
  private static byte[] insert(byte[] file, int at, byte[] part) {
    return concat(Arrays.copyOf(file, at), part, Arrays.copyOfRange(file, at, file.length));
  }

  private static byte[] segment(int marker, byte[] data) {
    return concat(
        ByteBuffer.allocate(4)
            .put((byte) 0xFF)
            .put((byte) marker)
            .putShort((short) (data.length + 2))
            .array(),
        data);
  }

  /** An Exif segment with an orientation and a location. */
  private static byte[] exif(int orientation, ByteOrder order) {
    return segment(0xE1, concat(ascii("Exif\0\0"), tiff(orientation, order)));
  }

  private static byte[] tiff(int orientation, ByteOrder order) {
    byte[] tiff =
        ByteBuffer.allocate(8 + 2 + 2 * 12 + 4)
            .order(order)
            .put(ascii(order == ByteOrder.LITTLE_ENDIAN ? "II" : "MM"))
            .putShort((short) 42)
            .putInt(8)
            .putShort((short) 2)
            .putShort((short) 0x010F)
            .putShort((short) 2)
            .putInt(14)
            .putInt(38)
            .putShort((short) 0x0112)
            .putShort((short) 3)
            .putInt(1)
            .putShort((short) orientation)
            .putShort((short) 0)
            .putInt(0)
            .array();
    return concat(tiff, ascii(PRIVATE));
  }

  @ParameterizedTest
  @ValueSource(strings = {"LITTLE_ENDIAN", "BIG_ENDIAN"})
  void aJpegKeepsItsPixelsProfileAndOrientationOnly(String order) throws IOException {
    byte[] plain = image("jpg");
    byte[] profile = segment(0xE2, concat(ascii("ICC_PROFILE\0"), new byte[] {1, 1, 9, 9}));
    byte[] file =
        concat(
            insert(
                plain,
                2,
                concat(
                    exif(
                        6,
                        order.equals("BIG_ENDIAN")
                            ? ByteOrder.BIG_ENDIAN
                            : ByteOrder.LITTLE_ENDIAN),
                    segment(0xE1, ascii("http://ns.adobe.com/xap/1.0/\0" + PRIVATE)),
                    segment(0xE2, ascii("MPF\0" + PRIVATE)),
                    profile,
                    segment(0xED, ascii("Photoshop 3.0\0" + PRIVATE)),
                    segment(0xFE, ascii(PRIVATE)))),
            ascii("a second image " + PRIVATE));

    byte[] filtered = filter(MediaType.JPEG, file);

    assertThat(text(file)).contains(PRIVATE);
    assertThat(text(filtered)).doesNotContain(PRIVATE);
    assertThat(filtered)
        .isEqualTo(insert(plain, 2, concat(JpegMetadataFilter.segment(6), profile)));
    assertThat(ExifOrientation.read(Arrays.copyOfRange(filtered, 12, 38))).isEqualTo(6);
    assertSamePixels(filtered, plain);
  }

  @Test
  void aProgressiveJpegIsComplete() throws IOException {
    byte[] plain = image("jpg");
    // Two scans and a table between them, with stuffed bytes and restart markers.
    byte[] scans =
        concat(
            new byte[] {(byte) 0xFF, (byte) 0xD8},
            segment(0xC2, new byte[9]),
            segment(0xDA, new byte[6]),
            new byte[] {1, (byte) 0xFF, 0, 2, (byte) 0xFF, (byte) 0xD0, 3},
            segment(0xC4, new byte[20]),
            segment(0xDA, new byte[6]),
            new byte[] {4, (byte) 0xFF, (byte) 0xD9});

    assertThat(filter(MediaType.JPEG, scans)).isEqualTo(scans);
    assertThat(filter(MediaType.JPEG, plain)).isEqualTo(plain);
  }

  private static byte[] chunk(String type, byte[] data) {
    var crc = new CRC32();
    crc.update(ascii(type));
    crc.update(data);
    return concat(
        ByteBuffer.allocate(4).putInt(data.length).array(),
        ascii(type),
        data,
        ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
  }

  @Test
  void aPngKeepsTheChunksThatDetermineHowItLooks() throws IOException {
    byte[] plain = image("png");
    int afterHeader = 8 + 25;
    byte[] physical = chunk("pHYs", new byte[9]);
    byte[] file =
        insert(
            plain,
            afterHeader,
            concat(
                chunk("eXIf", ascii(PRIVATE)),
                chunk("tEXt", ascii("Author\0" + PRIVATE)),
                chunk("iTXt", ascii("XML:com.adobe.xmp\0" + PRIVATE)),
                chunk("tIME", new byte[7]),
                chunk("prVt", ascii(PRIVATE)),
                physical));

    byte[] filtered = filter(MediaType.PNG, concat(file, ascii(PRIVATE)));

    assertThat(filtered).isEqualTo(insert(plain, afterHeader, physical));
    assertSamePixels(filtered, plain);
  }

  private static byte[] riffChunk(String name, byte[] data) {
    return concat(
        ascii(name),
        ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(data.length).array(),
        data,
        new byte[data.length & 1]);
  }

  private static byte[] webp(byte[]... chunks) {
    byte[] body = concat(ascii("WEBP"), concat(chunks));
    return concat(riffChunk("RIFF", body));
  }

  @Test
  void aWebpKeepsItsSizeAndLosesItsMetadata() throws IOException {
    byte[] header = riffChunk("VP8X", new byte[] {0x2C, 0, 0, 0, 63, 0, 0, 47, 0, 0});
    byte[] profile = riffChunk("ICCP", new byte[] {1, 2, 3});
    byte[] pixels = riffChunk("VP8L", new byte[20_001]);
    byte[] exif = ascii(PRIVATE + PRIVATE.repeat(1000) + "!");
    byte[] file = webp(header, profile, pixels, riffChunk("EXIF", exif), riffChunk("XMP ", exif));

    byte[] filtered = filter(MediaType.WEBP, file);

    byte[] withoutXmp = riffChunk("VP8X", new byte[] {0x28, 0, 0, 0, 63, 0, 0, 47, 0, 0});
    byte[] normal = riffChunk("EXIF", Arrays.copyOf(ExifOrientation.data(1), exif.length));
    byte[] blank = riffChunk("JUNK", new byte[exif.length]);
    assertThat(filtered).isEqualTo(webp(withoutXmp, profile, pixels, normal, blank));
    assertThat(filtered).hasSameSizeAs(file);
  }

  @Test
  void theOrientationOfAPngAndAWebpIsKept() throws IOException {
    byte[] plain = image("png");
    byte[] exif = tiff(8, ByteOrder.LITTLE_ENDIAN);
    byte[] pixels = riffChunk("VP8L", new byte[20]);

    assertThat(filter(MediaType.PNG, insert(plain, 33, chunk("eXIf", exif))))
        .isEqualTo(insert(plain, 33, chunk("eXIf", ExifOrientation.data(8))));
    assertThat(filter(MediaType.WEBP, webp(pixels, riffChunk("EXIF", exif))))
        .isEqualTo(
            webp(pixels, riffChunk("EXIF", Arrays.copyOf(ExifOrientation.data(8), exif.length))));
  }

  @ParameterizedTest
  @EnumSource(names = {"JPEG", "PNG", "WEBP"})
  void aDamagedFileIsFilteredOrMalformed(MediaType type) throws IOException {
    byte[] file =
        switch (type) {
          case JPEG -> insert(image("jpg"), 2, exif(3, ByteOrder.BIG_ENDIAN));
          case PNG -> insert(image("png"), 33, chunk("eXIf", tiff(3, ByteOrder.BIG_ENDIAN)));
          default ->
              webp(
                  riffChunk("VP8X", new byte[10]),
                  riffChunk("VP8L", new byte[20]),
                  riffChunk("EXIF", new byte[50]));
        };
    var random = new Random(1);
    int malformed = 0;
    for (int i = 0; i < 3000; i++) {
      byte[] damaged = file.clone();
      for (int flips = random.nextInt(4); flips >= 0; flips--) {
        damaged[random.nextInt(Math.min(200, damaged.length))] = (byte) random.nextInt(256);
      }
      try {
        assertThat(filter(type, damaged).length).isLessThanOrEqualTo(damaged.length);
      } catch (MalformedFileException e) {
        malformed++;
      }
    }
    assertThat(malformed).isPositive();
  }

  @ParameterizedTest
  @EnumSource(names = {"JPEG", "PNG"})
  void aFileThatIsCutOffIsMalformed(MediaType type) throws IOException {
    byte[] file = image(type == MediaType.JPEG ? "jpg" : "png");

    for (int length = 3; length < file.length; length += 7) {
      byte[] start = Arrays.copyOf(file, length);
      assertThatThrownBy(() -> filter(type, start))
          .as("%s bytes", length)
          .isInstanceOf(MalformedFileException.class);
    }
  }

  @Test
  void aWebpThatIsCutOffIsMalformed() {
    byte[] file = webp(riffChunk("VP8L", new byte[100]));
    for (int length = 12; length < file.length; length++) {
      byte[] start = Arrays.copyOf(file, length);
      assertThatThrownBy(() -> filter(MediaType.WEBP, start))
          .isInstanceOf(MalformedFileException.class);
    }
    byte[] larger = concat(webp(), riffChunk("VP8L", new byte[100]));
    larger[4] = 20;
    assertThatThrownBy(() -> filter(MediaType.WEBP, larger))
        .isInstanceOf(MalformedFileException.class);
  }

  @Test
  void theLastChunkOfAWebpMayLackItsPadding() throws IOException {
    byte[] padded = webp(riffChunk("VP8L", new byte[101]));
    byte[] file = Arrays.copyOf(padded, padded.length - 1);
    file[4]--;

    assertThat(filter(MediaType.WEBP, file)).isEqualTo(file);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 3})
  void aWebpWhoseSizeIsTooSmallIsMalformed(int size) {
    byte[] file = webp(riffChunk("VP8L", new byte[20]), riffChunk("EXIF", ascii(PRIVATE)));
    ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putInt(4, size);

    assertThatThrownBy(() -> filter(MediaType.WEBP, file))
        .isInstanceOf(MalformedFileException.class);
  }

  @Test
  void aWebpWithPartOfAChunkHeaderIsMalformed() {
    byte[] file = webp(riffChunk("VP8L", new byte[20]), new byte[8]);
    file[4]--;

    assertThatThrownBy(() -> filter(MediaType.WEBP, file))
        .isInstanceOf(MalformedFileException.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 7, 14, 25, 26, 64 * 1024 + 1, 200_000})
  void aWebpThatAnnouncesExifHasItWhateverItsLength(int length) throws IOException {
    byte[] header = riffChunk("VP8X", new byte[] {0x08, 0, 0, 0, 63, 0, 0, 47, 0, 0});
    byte[] pixels = riffChunk("VP8L", new byte[20]);
    byte[] exif = Arrays.copyOf(ascii(PRIVATE.repeat(20_000)), length);

    byte[] filtered = filter(MediaType.WEBP, webp(header, pixels, riffChunk("EXIF", exif)));

    byte[] blank = length < 26 ? ascii("MM\0*\0\0\0\b") : ExifOrientation.data(1);
    assertThat(filtered)
        .isEqualTo(webp(header, pixels, riffChunk("EXIF", Arrays.copyOf(blank, length))));
  }

  @Test
  void theOrientationOfLargeOrPrefixedExifDataIsKept() throws IOException {
    byte[] pixels = riffChunk("VP8L", new byte[20]);
    byte[] tiff = tiff(8, ByteOrder.LITTLE_ENDIAN);
    for (byte[] exif :
        new byte[][] {concat(ascii("Exif\0\0"), tiff), concat(tiff, new byte[100_000])}) {
      assertThat(filter(MediaType.WEBP, webp(pixels, riffChunk("EXIF", exif))))
          .isEqualTo(
              webp(pixels, riffChunk("EXIF", Arrays.copyOf(ExifOrientation.data(8), exif.length))));
    }
  }

  @Test
  void aJpegLosesItsThumbnails() throws IOException {
    byte[] plain = image("jpg");
    byte[] density = concat(ascii("JFIF\0"), new byte[] {1, 2, 1, 0, 72, 0, 72});
    byte[] rest = Arrays.copyOfRange(plain, 20, plain.length);
    byte[] start = {(byte) 0xFF, (byte) 0xD8};
    byte[] file =
        concat(
            start,
            segment(0xE0, concat(density, new byte[] {2, 3}, ascii(PRIVATE + "1234"))),
            segment(0xE0, ascii("JFXX\0\u0010" + PRIVATE)),
            rest);

    byte[] filtered = filter(MediaType.JPEG, file);

    assertThat(filtered)
        .isEqualTo(concat(start, segment(0xE0, concat(density, new byte[2])), rest));
    assertSamePixels(filtered, plain);
  }

  @Test
  void aFileWithoutAnImageIsMalformed() throws IOException {
    byte[] signature = Arrays.copyOf(image("png"), 8);
    byte[] end = chunk("IEND", new byte[0]);
    byte[] start = {(byte) 0xFF, (byte) 0xD8};
    byte[] endOfImage = {(byte) 0xFF, (byte) 0xD9};

    assertMalformed(MediaType.JPEG, concat(start, endOfImage));
    assertMalformed(MediaType.JPEG, concat(start, segment(0xC4, new byte[20]), endOfImage));
    assertMalformed(MediaType.PNG, concat(signature, end));
    assertMalformed(MediaType.PNG, concat(signature, chunk("IHDR", new byte[13]), end));
    assertMalformed(MediaType.PNG, concat(signature, chunk("IDAT", new byte[9]), end));
    assertMalformed(MediaType.WEBP, webp());
    assertMalformed(MediaType.WEBP, webp(riffChunk("VP8X", new byte[10])));
  }

  private static void assertMalformed(MediaType type, byte[] file) {
    assertThatThrownBy(() -> filter(type, file)).isInstanceOf(MalformedFileException.class);
  }

  @Test
  void aHostileOrientationIsIgnored() {
    for (int offset : new int[] {-1, Integer.MAX_VALUE, 0, 1_000_000}) {
      byte[] tiff =
          concat(
              ascii("MM\0*"),
              ByteBuffer.allocate(4).putInt(offset).array(),
              new byte[] {(byte) 0xFF, (byte) 0xFF});
      assertThat(ExifOrientation.read(tiff)).isEqualTo(ExifOrientation.NORMAL);
    }
    assertThat(ExifOrientation.read(ascii("MM"))).isEqualTo(ExifOrientation.NORMAL);
  }

  @Test
  void otherTypesAreReturnedUnchanged() throws IOException {
    byte[] file = ascii("GIF89a and more");

    assertThat(filter(MediaType.GIF, file)).isEqualTo(file);
  }
}
