package dev.atelier.persistence.postgres;

import static java.util.Objects.requireNonNull;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/**
 * The persistence of the previous version, compiled from its sources in git against today's
 * libraries, in a class loader of its own.
 */
final class PreviousVersion implements AutoCloseable {
  private static final List<String> SOURCES =
      List.of(
          "domain/src/main/java",
          "application/src/main/java",
          "adapters-persistence/src/main/java/dev/atelier/persistence/postgres",
          "adapters-persistence/src/test/java/"
              + RowSamples.class.getName().replace('.', '/')
              + ".java",
          "adapters-persistence/src/main/resources/db/migration");

  private final Loader loader;

  private PreviousVersion(Loader loader) {
    this.loader = loader;
  }

  /**
   * @param revision a commit of this repository
   */
  static PreviousVersion compile(String revision, Path folder)
      throws IOException, InterruptedException {
    Path sources = Files.createDirectories(folder.resolve("sources"));
    Path classes = Files.createDirectories(folder.resolve("classes"));
    unzip(archive(revision), sources);
    Path migrations = sources.resolve(SOURCES.getLast());
    Files.createDirectories(classes.resolve("db"));
    Files.move(migrations, classes.resolve("db/migration"));
    List<Path> files = new ArrayList<>();
    try (Stream<Path> found = Files.walk(sources)) {
      found.filter(file -> file.toString().endsWith(".java")).forEach(files::add);
    }
    compile(files, classes, revision);
    return new PreviousVersion(new Loader(classes));
  }

  private static void compile(List<Path> sources, Path classes, String revision)
      throws IOException {
    var compiler = requireNonNull(ToolProvider.getSystemJavaCompiler(), "a JDK");
    var errors = new StringWriter();
    List<String> options =
        List.of("-proc:none", "-nowarn", "-d", classes.toString(), "-cp", libraries());
    try (var files = compiler.getStandardFileManager(null, null, null)) {
      var units = files.getJavaFileObjectsFromPaths(sources);
      if (!compiler.getTask(errors, files, null, options, null, units).call()) {
        throw new IllegalStateException(
            "the sources of " + revision + " do not compile against today's libraries:\n" + errors);
      }
    }
  }

  /** Surefire hides the class path in the manifest of a jar. */
  private static String libraries() {
    return Optional.ofNullable(System.getProperty("surefire.test.class.path"))
        .orElse(System.getProperty("java.class.path"));
  }

  private static byte[] archive(String revision) throws IOException, InterruptedException {
    var command = new ArrayList<>(List.of("git", "-C", "..", "archive", "--format=zip", revision));
    command.addAll(SOURCES);
    Process git =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    byte[] zip = git.getInputStream().readAllBytes();
    if (git.waitFor() != 0) {
      throw new IllegalStateException(
          "git has no revision " + revision + " here; the whole history is needed");
    }
    return zip;
  }

  private static void unzip(byte[] zip, Path folder) throws IOException {
    try (var in = new ZipInputStream(new ByteArrayInputStream(zip))) {
      for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        Path file = folder.resolve(entry.getName());
        if (entry.isDirectory()) {
          Files.createDirectories(file);
        } else {
          Files.createDirectories(file.getParent());
          Files.write(file, in.readAllBytes());
        }
      }
    }
  }

  /** Its {@link RowSamples#write}. */
  Map<String, String> write(String url, String owner) {
    return texts((Map<?, ?>) call("write", url, owner));
  }

  /** Its {@link RowSamples#read}. */
  Map<String, String> read(String url, List<String> ids) {
    return texts((Map<?, ?>) call("read", url, ids));
  }

  /** Its {@link RowSamples#list}. */
  List<String> list(String url, String owner) {
    return ((List<?>) call("list", url, owner)).stream().map(String::valueOf).toList();
  }

  /** Its {@link RowSamples#claim}. */
  List<String> claim(String url) {
    return ((List<?>) call("claim", url)).stream().map(String::valueOf).toList();
  }

  private static Map<String, String> texts(Map<?, ?> map) {
    var texts = new LinkedHashMap<String, String>();
    map.forEach((key, value) -> texts.put(String.valueOf(key), String.valueOf(value)));
    return texts;
  }

  private Object call(String name, Object... arguments) {
    try {
      Method method =
          Stream.of(loader.loadClass(RowSamples.class.getName()).getMethods())
              .filter(candidate -> candidate.getName().equals(name))
              .findFirst()
              .orElseThrow();
      return requireNonNull(method.invoke(null, arguments));
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The row format of that version; 0 if it has no number. */
  int format() throws ReflectiveOperationException {
    try {
      var field = loader.loadClass(GenerationRow.class.getName()).getDeclaredField("FORMAT");
      field.setAccessible(true);
      return field.getInt(null);
    } catch (NoSuchFieldException e) {
      return 0;
    }
  }

  @Override
  public void close() throws IOException {
    loader.close();
  }

  /** Loads its own version of our classes and shares all libraries. */
  private static final class Loader extends URLClassLoader {
    Loader(Path classes) throws IOException {
      super(new URL[] {classes.toUri().toURL()}, RowSamples.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (!name.startsWith("dev.atelier.")) {
        return super.loadClass(name, resolve);
      }
      synchronized (getClassLoadingLock(name)) {
        Class<?> loaded = findLoadedClass(name);
        return loaded == null ? findClass(name) : loaded;
      }
    }

    @Override
    public @Nullable URL getResource(String name) {
      URL own = findResource(name);
      return own == null ? super.getResource(name) : own;
    }
  }
}
