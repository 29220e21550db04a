package dev.atelier.skytells.sandbox.picture;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class PictureTest {
  @ParameterizedTest
  @CsvSource({"256,256", "2048,256", "256,2048", "301,517"})
  void aPictureHasTheRequestedSize(int width, int height) throws IOException {
    BufferedImage image = decode(new Picture("a lighthouse at dusk", 1, width, height));

    assertThat(image.getWidth()).isEqualTo(width);
    assertThat(image.getHeight()).isEqualTo(height);
  }

  @Test
  void theSamePromptSeedAndSizeGiveTheSameBytes() {
    assertThat(picture("a lake", 1).png()).isEqualTo(picture("a lake", 1).png());
  }

  @Test
  void promptAndSeedChangeThePicture() {
    assertThat(picture("a lake", 1).png())
        .isNotEqualTo(picture("a lake", 2).png())
        .isNotEqualTo(picture("the lake", 1).png());
  }

  @Test
  void aMegapixelIsSmallerThanTwoMegabytes() {
    assertThat(new Picture("stars over snowy mountains", 5, 1024, 1024).png())
        .hasSizeLessThan(2_000_000);
  }

  @Test
  void aPromptWithoutKnownWordsIsDrawn() throws IOException {
    for (int seed = 0; seed < 20; seed++) {
      assertThat(colours(decode(picture("x", seed)))).isGreaterThan(100);
    }
  }

  @ParameterizedTest
  @EnumSource(Terrain.class)
  void everyTerrainHasAWordAndIsDrawn(Terrain terrain) throws IOException {
    assertThat(colours(decode(picture(firstWord(terrain.words), 1)))).isGreaterThan(100);
  }

  @ParameterizedTest
  @EnumSource(Palette.class)
  void everyPaletteHasAWordAndIsDrawn(Palette palette) throws IOException {
    assertThat(colours(decode(picture(firstWord(palette.words), 1)))).isGreaterThan(100);
  }

  @Test
  void nightIsDarkerThanDay() throws IOException {
    assertThat(brightness(decode(picture("lake at night", 1))))
        .isLessThan(brightness(decode(picture("lake by day", 1))) / 2);
  }

  private static Picture picture(String prompt, long seed) {
    return new Picture(prompt, seed, 256, 256);
  }

  private static String firstWord(String words) {
    return words.split(" ", 2)[0];
  }

  private static BufferedImage decode(Picture picture) throws IOException {
    return ImageIO.read(new ByteArrayInputStream(picture.png()));
  }

  private static long colours(BufferedImage image) {
    return pixels(image).distinct().count();
  }

  private static double brightness(BufferedImage image) {
    return pixels(image)
        .map(rgb -> (rgb >> 16 & 255) + (rgb >> 8 & 255) + (rgb & 255))
        .average()
        .orElseThrow();
  }

  private static IntStream pixels(BufferedImage image) {
    int width = image.getWidth();
    return Arrays.stream(image.getRGB(0, 0, width, image.getHeight(), null, 0, width));
  }
}
