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

/**
 * A way to the server that can fall silent, for a while or for good: connections stay open, and no
 * byte gets through.
 */
final class Network implements AutoCloseable {
  private final int serverPort;
  private final ServerSocket entrance;
  private final Collection<Socket> sockets = new ConcurrentLinkedQueue<>();
  private final Collection<Socket> lost = new ConcurrentLinkedQueue<>();
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile CountDownLatch speaking = new CountDownLatch(0);

  Network(int serverPort) throws IOException {
    this.serverPort = serverPort;
    this.entrance = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.startVirtualThread(this::accept);
  }

  int port() {
    return entrance.getLocalPort();
  }

  void fallSilent() {
    speaking = new CountDownLatch(1);
  }

  void speakAgain() {
    speaking.countDown();
  }

  /** The connections that are open stay so, and nothing gets through them any more. */
  void loseConnections() {
    lost.addAll(sockets);
  }

  private void accept() {
    try {
      while (true) {
        Socket client = entrance.accept();
        var server = new Socket(InetAddress.getLoopbackAddress(), serverPort);
        sockets.add(client);
        sockets.add(server);
        Thread.startVirtualThread(() -> pass(client, server));
        Thread.startVirtualThread(() -> pass(server, client));
      }
    } catch (IOException e) {
      speakAgain();
    }
  }

  private void pass(Socket from, Socket to) {
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      byte[] buffer = new byte[8192];
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        speaking.await();
        if (lost.contains(from)) {
          closed.await();
        }
        out.write(buffer, 0, read);
      }
    } catch (IOException e) {
      // One side has hung up; so does the other.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    closed.countDown();
    try {
      entrance.close();
      for (Socket socket : sockets) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
