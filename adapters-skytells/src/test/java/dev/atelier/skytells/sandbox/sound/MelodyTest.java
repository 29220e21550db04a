package dev.atelier.skytells.sandbox.sound;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.util.stream.IntStream;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MelodyTest {
  @ParameterizedTest
  @ValueSource(ints = {16_000, 24_000, 32_000, 44_100})
  void aMelodyIsMonoWith16BitsAtTheRequestedRate(int sampleRate) throws Exception {
    AudioInputStream audio = decode(new Melody("la la la", "calm", sampleRate));

    AudioFormat format = audio.getFormat();
    assertThat(format.getEncoding()).isEqualTo(AudioFormat.Encoding.PCM_SIGNED);
    assertThat(format.getSampleRate()).isEqualTo(sampleRate);
    assertThat(format.getChannels()).isEqualTo(1);
    assertThat(format.getSampleSizeInBits()).isEqualTo(16);
  }

  @Test
  void anAbsurdSampleRateIsClamped() throws Exception {
    assertThat(decode(new Melody("la", "", Integer.MAX_VALUE)).getFormat().getSampleRate())
        .isEqualTo(48_000);
    assertThat(decode(new Melody("la", "", -1)).getFormat().getSampleRate()).isEqualTo(8_000);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 13, 1000})
  void aMelodyLastsAFewSeconds(int words) throws Exception {
    var melody = new Melody("la ".repeat(words), "calm", 16_000);

    assertThat(melody.seconds()).isBetween(2.4, 9.6);
    assertThat(decode(melody).getFrameLength()).isEqualTo(Math.round(melody.seconds() * 16_000));
  }

  @Test
  void theSameWordsGiveTheSameBytesAndOthersGiveOthers() {
    byte[] calm = new Melody("la la", "calm", 16_000).wav();

    assertThat(new Melody("la la", "calm", 16_000).wav()).isEqualTo(calm);
    assertThat(new Melody("la le", "calm", 16_000).wav()).isNotEqualTo(calm);
    assertThat(new Melody("la la", "wild", 16_000).wav()).isNotEqualTo(calm);
  }

  @Test
  void aMelodyIsAudibleAndHardlyEverClipped() throws Exception {
    for (int song = 0; song < 20; song++) {
      byte[] pcm = decode(new Melody("song " + song, "style " + song, 16_000)).readAllBytes();
      int[] levels =
          IntStream.range(0, pcm.length / 2)
              .map(i -> Math.abs((short) ((pcm[2 * i] & 255) | (pcm[2 * i + 1] << 8))))
              .toArray();
      long clipped = IntStream.of(levels).filter(level -> level >= Short.MAX_VALUE).count();
      assertThat(IntStream.of(levels).average().orElseThrow()).isGreaterThan(1000);
      assertThat(clipped).isLessThan(levels.length / 100);
    }
  }

  private static AudioInputStream decode(Melody melody) throws Exception {
    return AudioSystem.getAudioInputStream(new ByteArrayInputStream(melody.wav()));
  }
}
