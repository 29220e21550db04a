package dev.atelier.skytells.client;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Answers every request with the same raw bytes and closes the connection. */
public final class WireServer implements AutoCloseable {
  private final ServerSocket server;
  private final byte[][] answer;
  private final boolean resetting;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  public WireServer(byte[]... answer) throws IOException {
    this(false, answer);
  }

  private WireServer(boolean resetting, byte[]... answer) throws IOException {
    this.server = new ServerSocket(0, 0, InetAddress.getLoopbackAddress());
    this.answer = answer;
    this.resetting = resetting;
    threads.execute(this::serve);
  }

  /** Resets the connection instead of closing it, so that the last bytes may be lost. */
  public static WireServer resetting(byte[]... answer) throws IOException {
    return new WireServer(true, answer);
  }

  public URI origin() {
    return URI.create("http://127.0.0.1:" + server.getLocalPort());
  }

  private void serve() {
    while (!server.isClosed()) {
      try (Socket socket = server.accept()) {
        readHead(socket);
        for (byte[] part : answer) {
          socket.getOutputStream().write(part);
        }
        if (resetting) {
          socket.setSoLinger(true, 0);
        }
      } catch (IOException e) {
        // The client disconnected, or the server is closed.
      }
    }
  }

  private static void readHead(Socket socket) throws IOException {
    int lineEnds = 0;
    for (int read = socket.getInputStream().read();
        read >= 0;
        read = socket.getInputStream().read()) {
      lineEnds = read == '\n' ? lineEnds + 1 : read == '\r' ? lineEnds : 0;
      if (lineEnds == 2) {
        return;
      }
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    threads.close();
  }
}
