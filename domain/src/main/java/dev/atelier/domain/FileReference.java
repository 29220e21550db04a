package dev.atelier.domain;

/** A stored file that a generation uses as an input. */
public sealed interface FileReference {
  /**
   * An output of another generation.
   *
   * @param index from 0
   */
  record OutputFile(GenerationId generation, int index) implements FileReference {}

  record UploadedFile(UploadId upload) implements FileReference {}
}
