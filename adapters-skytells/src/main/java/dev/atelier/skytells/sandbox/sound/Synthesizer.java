package dev.atelier.skytells.sandbox.sound;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Mixes notes. Times are seconds, pitches hertz. */
final class Synthesizer {
  private static final int HEADER_BYTES = 44;
  private static final double ATTACK = 0.01;
  private static final double LEAD_VOLUME = 0.3;
  private static final double BASS_VOLUME = 0.25;

  private final int sampleRate;
  private final double[] samples;

  Synthesizer(int sampleRate, double seconds) {
    this.sampleRate = sampleRate;
    this.samples = new double[(int) Math.round(seconds * sampleRate)];
  }

  /** A plucked note with overtones. */
  void lead(double start, double length, double pitch) {
    int from = (int) (start * sampleRate);
    int count = count(from, length);
    for (int i = 0; i < count; i++) {
      double time = (double) i / sampleRate;
      double phase = 2 * Math.PI * pitch * time;
      double tone = Math.sin(phase) + 0.4 * Math.sin(2 * phase) + 0.15 * Math.sin(3 * phase);
      double fall = Math.exp(-3.5 * time / length) * fadeOut(i, count);
      samples[from + i] += LEAD_VOLUME * tone * Math.min(1, time / ATTACK) * fall;
    }
  }

  /** A soft note with a fifth. */
  void bass(double start, double length, double pitch) {
    int from = (int) (start * sampleRate);
    int count = count(from, length);
    for (int i = 0; i < count; i++) {
      double time = (double) i / sampleRate;
      double phase = 2 * Math.PI * pitch * time;
      double tone = Math.sin(phase) + 0.3 * Math.sin(1.5 * phase);
      samples[from + i] += BASS_VOLUME * tone * Math.min(1, time / ATTACK) * fadeOut(i, count);
    }
  }

  private int count(int from, double length) {
    return Math.min((int) (length * sampleRate), samples.length - from);
  }

  /** Ends without a click. */
  private static double fadeOut(int i, int count) {
    return Math.min(1, 8.0 * (count - i) / count);
  }

  /** A mono WAV file with 16 bits per sample. */
  byte[] wav() {
    int bytes = samples.length * Short.BYTES;
    var file = ByteBuffer.allocate(HEADER_BYTES + bytes).order(ByteOrder.LITTLE_ENDIAN);
    file.put(ascii("RIFF")).putInt(HEADER_BYTES - 8 + bytes).put(ascii("WAVE"));
    file.put(ascii("fmt ")).putInt(16).putShort((short) 1).putShort((short) 1);
    file.putInt(sampleRate).putInt(sampleRate * Short.BYTES);
    file.putShort((short) Short.BYTES).putShort((short) Short.SIZE);
    file.put(ascii("data")).putInt(bytes);
    for (double sample : samples) {
      file.putShort((short) (Math.clamp(sample, -1.0, 1.0) * Short.MAX_VALUE));
    }
    return file.array();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(US_ASCII);
  }
}
