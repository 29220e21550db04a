package dev.atelier.bootstrap;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A PostgreSQL with durable writes that can be crashed and recovers. */
final class CrashingPostgres implements AutoCloseable {
  private static final Duration STOP_WAIT = Duration.ofSeconds(30);

  private final Path data;
  private final int port;
  private EmbeddedPostgres server;

  /** Starts the server on a port that survives a crash. */
  CrashingPostgres(Path folder) throws IOException {
    data = folder.resolve("data");
    port = AtelierProcess.freePort();
    server = start();
  }

  private EmbeddedPostgres start() throws IOException {
    return EmbeddedPostgres.builder()
        .setDataDirectory(data)
        .setCleanDataDirectory(false)
        .setPort(port)
        .setServerConfig("fsync", "on")
        .setServerConfig("synchronous_commit", "on")
        .setServerConfig("full_page_writes", "on")
        .start();
  }

  String url() {
    return "postgresql://postgres@localhost:" + port + "/postgres";
  }

  String jdbcUrl() {
    return "jdbc:postgresql://localhost:" + port + "/postgres?user=postgres";
  }

  /** Stops the server in immediate mode, without a checkpoint, and restarts it. */
  void crash() throws IOException, InterruptedException {
    long pid = Long.parseLong(Files.readAllLines(data.resolve("postmaster.pid")).getFirst());
    ProcessHandle postmaster = ProcessHandle.of(pid).orElseThrow();
    new ProcessBuilder("kill", "-QUIT", Long.toString(pid)).inheritIO().start().waitFor();
    postmaster.onExit().orTimeout(STOP_WAIT.toSeconds(), TimeUnit.SECONDS).join();
    server.close(); // releases the directory; the server has stopped already
    server = start();
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
