package dev.atelier.skytells.sandbox.sound;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/**
 * A short tune: a note for each word, and a bass. The same words give the same bytes.
 *
 * @param style determines key and tempo
 * @param sampleRate samples per second, 8,000 to 48,000; others are clamped
 */
public record Melody(String lyrics, String style, int sampleRate) {
  private static final int MIN_NOTES = 12;
  private static final int MAX_NOTES = 32;
  private static final int NOTES_PER_CHORD = 4;

  /** Semitones above the root. */
  private static final List<Integer> PENTATONIC = List.of(0, 3, 5, 7, 10, 12, 15, 17, 19, 22);

  /** Semitones above the root. */
  private static final List<Integer> BASS = List.of(0, -4, 3, -2);

  private static final double LOWEST_ROOT = 196; // G3, in hertz

  public Melody {
    sampleRate = Math.clamp(sampleRate, 8_000, 48_000);
  }

  /** From 2.4 to 9.6. */
  public double seconds() {
    return notes() * hundredthsPerNote() / 100.0;
  }

  /** A mono WAV file with 16 bits per sample. */
  public byte[] wav() {
    var synthesizer = new Synthesizer(sampleRate, seconds());
    double root = LOWEST_ROOT * semitones(Math.floorMod(style.hashCode(), 12));
    var random = new SplittableRandom(lyrics.hashCode());
    int step = random.nextInt(PENTATONIC.size());
    for (int note = 0; note < notes(); note++) {
      double start = note * secondsPerNote();
      step = Math.clamp(step + random.nextInt(-2, 3), 0, PENTATONIC.size() - 1);
      double length = random.nextInt(4) == 0 ? 2 : 1;
      synthesizer.lead(start, length * secondsPerNote(), root * semitones(PENTATONIC.get(step)));
      if (note % NOTES_PER_CHORD == 0) {
        int bass = BASS.get(note / NOTES_PER_CHORD % BASS.size());
        synthesizer.bass(start, NOTES_PER_CHORD * secondsPerNote(), root / 2 * semitones(bass));
      }
    }
    return synthesizer.wav();
  }

  private int notes() {
    long words = Stream.of(lyrics.strip().split("\\s+")).filter(word -> !word.isEmpty()).count();
    int notes = Math.clamp(words, MIN_NOTES, MAX_NOTES);
    return notes + Math.floorMod(-notes, NOTES_PER_CHORD);
  }

  private double secondsPerNote() {
    return hundredthsPerNote() / 100.0;
  }

  /** From 20 to 30. */
  private int hundredthsPerNote() {
    return 20 + Math.floorMod(style.hashCode(), 11);
  }

  private static double semitones(int count) {
    return Math.pow(2, count / 12.0);
  }
}
