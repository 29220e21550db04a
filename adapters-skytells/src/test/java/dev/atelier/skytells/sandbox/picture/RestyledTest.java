package dev.atelier.skytells.sandbox.picture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class RestyledTest {
  private static final String PROMPT = "a poster";

  @ParameterizedTest
  @CsvSource({"256,256", "512,256", "256,700", "17,31"})
  void aPictureHasTheRequestedSize(int width, int height) throws IOException {
    BufferedImage image = decode(new Restyled(PROMPT, 0, List.of(halves(64, 48)), width, height));

    assertThat(image.getWidth()).isEqualTo(width);
    assertThat(image.getHeight()).isEqualTo(height);
  }

  @Test
  void theSameInputGivesTheSameBytes() {
    assertThat(restyled(PROMPT, 0)).isEqualTo(restyled(PROMPT, 0));
  }

  @Test
  void promptVariantAndSourceChangeThePicture() {
    byte[] picture = restyled(PROMPT, 0);

    assertThat(restyled("another", 0)).isNotEqualTo(picture);
    assertThat(restyled(PROMPT, 1)).isNotEqualTo(picture);
    assertThat(new Restyled(PROMPT, 0, List.of(halves(64, 8)), 256, 256).png())
        .isNotEqualTo(picture);
  }

  @Test
  void fourVariantsHaveFourStyles() throws IOException {
    Set<Integer> colours = new TreeSet<>();
    for (int variant = 0; variant < 4; variant++) {
      colours.add(decode(PROMPT, variant).getRGB(20, 60));
    }

    assertThat(colours).hasSize(4);
  }

  @ParameterizedTest
  @EnumSource(Style.class)
  void everyStyleChangesThePictureButKeepsItsShapes(Style style) {
    BufferedImage source = halves(32, 32);
    int[] before = source.getRGB(0, 0, 32, 32, null, 0, 32);
    int[] after = before.clone();

    style.apply(after, 32, 32, Palette.DUSK);

    assertThat(after[5]).as("left and right differ").isNotEqualTo(after[25]);
    assertThat(after[5]).as("the left has one colour").isEqualTo(after[32 * 20 + 7]);
    assertThat(after[5] & 0xFFFFFF).isNotEqualTo(before[5] & 0xFFFFFF);
  }

  @Test
  void otherSourcesAreInsets() throws IOException {
    var green = new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = green.createGraphics();
    graphics.setColor(Color.GREEN);
    graphics.fillRect(0, 0, 8, 8);
    graphics.dispose();

    BufferedImage image = decode(new Restyled(PROMPT, 0, List.of(halves(64, 64), green), 256, 256));

    assertThat(image.getRGB(30, 225)).isEqualTo(Color.GREEN.getRGB());
  }

  @Test
  void aSourceIsRequired() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Restyled(PROMPT, 0, List.of(), 256, 256));
  }

  private static byte[] restyled(String prompt, int variant) {
    return new Restyled(prompt, variant, List.of(halves(64, 48)), 256, 256).png();
  }

  private static BufferedImage decode(String prompt, int variant) throws IOException {
    return decode(new Restyled(prompt, variant, List.of(halves(64, 48)), 256, 256));
  }

  private static BufferedImage decode(Restyled restyled) throws IOException {
    return ImageIO.read(new ByteArrayInputStream(restyled.png()));
  }

  /** Orange on the left, blue on the right. */
  private static BufferedImage halves(int width, int height) {
    var image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.setColor(Color.BLUE);
    graphics.fillRect(0, 0, width, height);
    graphics.setColor(Color.ORANGE);
    graphics.fillRect(0, 0, width / 2, height);
    graphics.dispose();
    return image;
  }
}
