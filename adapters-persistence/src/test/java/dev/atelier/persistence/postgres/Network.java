package dev.atelier.persistence.postgres;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Collection;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;

/** A TCP proxy that can hold back all traffic while its connections stay open. */
final class Network implements AutoCloseable {
  private final int serverPort;
  private final ServerSocket serverSocket;
  private final Collection<Socket> sockets = new ConcurrentLinkedQueue<>();
  private final Collection<Socket> lost = new ConcurrentLinkedQueue<>();
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile CountDownLatch resumed = new CountDownLatch(0);

  Network(int serverPort) throws IOException {
    this.serverPort = serverPort;
    this.serverSocket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.startVirtualThread(this::accept);
  }

  int port() {
    return serverSocket.getLocalPort();
  }

  void pause() {
    resumed = new CountDownLatch(1);
  }

  void resume() {
    resumed.countDown();
  }

  /** Open connections stay open but transfer nothing any more. */
  void loseConnections() {
    lost.addAll(sockets);
  }

  private void accept() {
    try {
      while (true) {
        Socket client = serverSocket.accept();
        var server = new Socket(InetAddress.getLoopbackAddress(), serverPort);
        sockets.add(client);
        sockets.add(server);
        Thread.startVirtualThread(() -> forward(client, server));
        Thread.startVirtualThread(() -> forward(server, client));
      }
    } catch (IOException e) {
      resume();
    }
  }

  private void forward(Socket from, Socket to) {
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      byte[] buffer = new byte[8192];
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        resumed.await();
        if (lost.contains(from)) {
          closed.await();
        }
        out.write(buffer, 0, read);
      }
    } catch (IOException e) {
      // One side closed its connection; the other is closed too.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    closed.countDown();
    try {
      serverSocket.close();
      for (Socket socket : sockets) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
