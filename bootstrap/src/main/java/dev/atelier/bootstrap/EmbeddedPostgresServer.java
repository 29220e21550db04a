package dev.atelier.bootstrap;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An embedded PostgreSQL that keeps its data between starts. Enables fsync, which the library
 * disables, and stops a server that a killed service left running.
 */
final class EmbeddedPostgresServer implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(EmbeddedPostgresServer.class);
  private static final Duration STARTUP_WAIT = Duration.ofSeconds(60);
  private static final Duration STOP_WAIT = Duration.ofSeconds(30);
  private static final String SUPERUSER = "postgres";

  private static final String PROGRAMS = "programs";

  private static final String INITIALIZED = "initialized";

  private final FileChannel lockFile;
  private final FileLock lock;
  private final Path root;
  private final EmbeddedPostgres postgres;

  private EmbeddedPostgresServer(
      FileChannel lockFile, FileLock lock, Path root, EmbeddedPostgres postgres) {
    this.lockFile = lockFile;
    this.lock = lock;
    this.root = root;
    this.postgres = postgres;
  }

  /**
   * Starts on a free port of the loopback interface.
   *
   * @param directory for data and programs, used by nothing else
   * @throws StartupException if another service uses the directory or the server does not start
   */
  static EmbeddedPostgresServer start(Path directory) {
    try {
      Path root = Files.createDirectories(directory).toRealPath();
      FileChannel lockFile =
          FileChannel.open(
              root.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      // The lock ends with this process, so a server that runs while we hold it is an orphan.
      FileLock lock = lockFile.tryLock();
      if (lock == null) {
        lockFile.close();
        throw new StartupException(
            "Another Atelier is running on the data in "
                + root
                + ". Stop it, or start this one in another directory.");
      }
      Path data = root.resolve("data");
      stopOrphanedServer(root, data);
      removeIncompleteCluster(root, data);
      EmbeddedPostgres postgres = open(root, data);
      Files.write(root.resolve(INITIALIZED), new byte[0]);
      return new EmbeddedPostgresServer(lockFile, lock, root, postgres);
    } catch (IOException | IllegalStateException | ExceptionInInitializerError e) {
      throw new StartupException(
          "The embedded PostgreSQL in " + directory.toAbsolutePath() + " failed to start", e);
    }
  }

  private static EmbeddedPostgres open(Path root, Path data) throws IOException {
    return EmbeddedPostgres.builder()
        .setOverrideWorkingDirectory(root.resolve(PROGRAMS).toFile())
        .setDataDirectory(data)
        .setCleanDataDirectory(false)
        .setRegisterShutdownHook(false)
        .setPGStartupWait(STARTUP_WAIT)
        // The locale of the environment may not be installed.
        .setLocaleConfig("locale", "C")
        .setLocaleConfig("encoding", "UTF8")
        .setServerConfig("fsync", "on")
        .setServerConfig("synchronous_commit", "on")
        .setServerConfig("full_page_writes", "on")
        .start();
  }

  /** Deletes incompletely unpacked programs, and data on which no server has run. */
  private static void removeIncompleteCluster(Path root, Path data) throws IOException {
    if (!Files.exists(root.resolve(INITIALIZED))) {
      remove(data);
    }
    Path programs = root.resolve(PROGRAMS);
    if (Files.isDirectory(programs)) {
      List<Path> unpacked;
      try (Stream<Path> directories = Files.list(programs)) {
        unpacked = directories.filter(Files::isDirectory).toList();
      }
      for (Path directory : unpacked) {
        if (!Files.exists(directory.resolve(".exists"))) { // written by the library when complete
          remove(directory);
        }
      }
    }
  }

  private static void remove(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      return;
    }
    List<Path> contentsFirst;
    try (Stream<Path> files = Files.walk(directory)) {
      contentsFirst = files.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path file : contentsFirst) {
      Files.delete(file);
    }
  }

  /** If a server is already running, the library fails after thirty seconds. */
  private static void stopOrphanedServer(Path root, Path data) throws IOException {
    Optional<ProcessHandle> orphan = postmaster(root, data);
    if (orphan.isPresent()) {
      log.info(
          "stopping the PostgreSQL that a killed Atelier left behind: pid={}", orphan.get().pid());
      stop(orphan.get());
    }
  }

  /** SIGINT is PostgreSQL's fast shutdown: no wait for clients, no data loss. */
  private static void stop(ProcessHandle postmaster) throws IOException {
    new ProcessBuilder("kill", "-INT", Long.toString(postmaster.pid())).inheritIO().start();
    if (!awaitExit(postmaster)) {
      throw new StartupException(
          "The PostgreSQL process "
              + postmaster.pid()
              + " does not stop. Kill it and start again.");
    }
  }

  private static boolean awaitExit(ProcessHandle process) {
    return !process
        .onExit()
        .completeOnTimeout(process, STOP_WAIT.toSeconds(), TimeUnit.SECONDS)
        .join()
        .isAlive();
  }

  /** Checks the program, because PIDs are reused. */
  private static Optional<ProcessHandle> postmaster(Path root, Path data) throws IOException {
    Path pidFile = data.resolve("postmaster.pid");
    if (!Files.exists(pidFile)) {
      return Optional.empty();
    }
    return Files.readAllLines(pidFile).stream()
        .findFirst()
        .filter(pid -> pid.matches("[0-9]{1,9}"))
        .flatMap(pid -> ProcessHandle.of(Long.parseLong(pid)))
        .filter(ProcessHandle::isAlive)
        .filter(
            process ->
                process
                    .info()
                    .command()
                    .filter(command -> Path.of(command).startsWith(root.resolve(PROGRAMS)))
                    .isPresent());
  }

  String jdbcUrl() {
    return postgres.getJdbcUrl(SUPERUSER, SUPERUSER);
  }

  @Override
  public void close() {
    try (lockFile;
        lock) {
      Optional<ProcessHandle> postmaster = postmaster(root, root.resolve("data"));
      postgres.close();
      // The library returns when the server has removed its files, shortly before the process
      // exits.
      postmaster.ifPresent(EmbeddedPostgresServer::awaitExit);
    } catch (IOException e) {
      log.warn("embedded PostgreSQL did not stop cleanly, the next start recovers it", e);
    }
  }
}
