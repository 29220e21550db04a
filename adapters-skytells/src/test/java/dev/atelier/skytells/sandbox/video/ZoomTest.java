package dev.atelier.skytells.sandbox.video;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.nio.ByteBuffer;
import org.jcodec.api.FrameGrab;
import org.jcodec.common.io.ByteBufferSeekableByteChannel;
import org.jcodec.common.model.Picture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ZoomTest {
  @Test
  void aVideoHasTheRequestedLength() throws Exception {
    FrameGrab video = decode(new Zoom(halves(320, 240), 2));

    assertThat(video.getVideoTrack().getMeta().getTotalDuration()).isEqualTo(2.0);
    assertThat(video.getVideoTrack().getMeta().getTotalFrames()).isEqualTo(24);
  }

  @ParameterizedTest
  @CsvSource({"320,240,320,240", "1280,720,512,288", "10,4000,16,512", "333,333,336,336"})
  void aVideoKeepsTheShapeOfThePictureWithinBounds(int width, int height, int w, int h)
      throws Exception {
    Picture frame = decode(new Zoom(halves(width, height), 1)).getNativeFrame();

    assertThat(frame.getCroppedWidth()).isEqualTo(w);
    assertThat(frame.getCroppedHeight()).isEqualTo(h);
  }

  @Test
  void everyFrameShowsThePicture() throws Exception {
    FrameGrab video = decode(new Zoom(halves(320, 240), 1));

    for (int n = 0; n < 12; n++) {
      Picture frame = video.getNativeFrame();
      byte[] luma = frame.getPlaneData(0);
      int middle = frame.getHeight() / 2 * frame.getWidth();
      assertThat((int) luma[middle + 20]).as("white on the left").isGreaterThan(90);
      assertThat((int) luma[middle + 300]).as("black on the right").isLessThan(-90);
    }
  }

  @Test
  void theSamePictureGivesTheSameBytes() {
    assertThat(new Zoom(halves(64, 64), 1).mp4()).isEqualTo(new Zoom(halves(64, 64), 1).mp4());
  }

  @Test
  void aVideoLastsAtLeastASecond() {
    assertThatIllegalArgumentException().isThrownBy(() -> new Zoom(halves(64, 64), 0));
  }

  /** White on the left, black on the right. */
  private static BufferedImage halves(int width, int height) {
    var image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.setColor(Color.WHITE);
    graphics.fillRect(0, 0, width / 2, height);
    graphics.dispose();
    return image;
  }

  private static FrameGrab decode(Zoom zoom) throws Exception {
    return FrameGrab.createFrameGrab(
        ByteBufferSeekableByteChannel.readFromByteBuffer(ByteBuffer.wrap(zoom.mp4())));
  }
}
