package dev.atelier.domain;

/**
 * An input that comes from a stored file.
 *
 * @param path of the parameter in errors, such as {@code input.images[1]}
 */
public record InputFile(String path, FileReference source) {
  /** The parameter, such as {@code images[1]}. */
  public String parameter() {
    return path.substring(path.indexOf('.') + 1);
  }
}
