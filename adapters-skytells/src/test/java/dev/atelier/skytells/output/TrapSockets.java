package dev.atelier.skytells.output;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Sockets that connect to a trap instead of their target: a listener that counts and closes
 * connections. One port may be exempt.
 */
final class TrapSockets extends RecordingSockets implements AutoCloseable {
  private final ServerSocket trap = new ServerSocket(0, 1000, InetAddress.getLoopbackAddress());
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final AtomicInteger connections = new AtomicInteger();
  private final int exemptPort;

  /**
   * @param exemptPort a port of the loopback address that is connected to
   */
  TrapSockets(int exemptPort) throws IOException {
    this.exemptPort = exemptPort;
    threads.execute(this::closeConnections);
  }

  int port() {
    return trap.getLocalPort();
  }

  int connections() {
    return connections.get();
  }

  private void closeConnections() {
    while (true) {
      try (Socket _ = trap.accept()) {
        connections.incrementAndGet();
      } catch (IOException e) {
        return; // closed
      }
    }
  }

  @Override
  public Socket createSocket() {
    return new Socket() {
      @Override
      public void connect(SocketAddress endpoint, int timeout) throws IOException {
        var target = (InetSocketAddress) endpoint;
        if (target.getPort() == exemptPort && target.getAddress().isLoopbackAddress()) {
          super.connect(endpoint, timeout);
        } else {
          record(target);
          super.connect(trap.getLocalSocketAddress(), timeout);
        }
      }
    };
  }

  @Override
  public void close() throws IOException {
    trap.close();
    threads.close();
  }
}
