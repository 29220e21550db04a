package dev.atelier.persistence.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MigrationsTest {
  private static final List<String> NAMES =
      List.of("V2__add.sql", "V10__add_more.sql", "V9__add.sql", "R__99__repeat.sql", "V77.txt");

  @TempDir private Path folder;

  @Test
  void theNewestVersionIsFoundInAJar() throws IOException {
    Path jar = folder.resolve("a b.jar");
    try (var out = new JarOutputStream(Files.newOutputStream(jar))) {
      out.putNextEntry(new JarEntry("V99__elsewhere.sql"));
      out.putNextEntry(new JarEntry("db/migration/"));
      for (String name : NAMES) {
        out.putNextEntry(new JarEntry("db/migration/" + name));
      }
    }

    assertThat(newest(jar)).isEqualTo(10);
  }

  @Test
  void theNewestVersionIsFoundInAFolder() throws IOException {
    Path migrations = Files.createDirectories(folder.resolve("a b/db/migration"));
    for (String name : NAMES) {
      Files.createFile(migrations.resolve(name));
    }

    assertThat(newest(folder.resolve("a b"))).isEqualTo(10);
  }

  private static int newest(Path classPath) throws IOException {
    try (var loader = new URLClassLoader(new URL[] {classPath.toUri().toURL()}, null)) {
      return Migrations.newest(loader);
    }
  }
}
