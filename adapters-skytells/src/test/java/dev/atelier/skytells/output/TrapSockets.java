package dev.atelier.skytells.output;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.SocketFactory;

/**
 * Sockets that all lead into a trap, wherever they are to go: a real listener, which counts who has
 * come, and sends everybody away again. One address may be let through.
 */
final class TrapSockets extends SocketFactory implements AutoCloseable {
  private final ServerSocket trap = new ServerSocket(0, 1000, InetAddress.getLoopbackAddress());
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final AtomicInteger caught = new AtomicInteger();
  private final List<InetSocketAddress> targets = Collections.synchronizedList(new ArrayList<>());
  private final int throughPort;

  TrapSockets() throws IOException {
    this(-1);
  }

  /**
   * Lets through who goes to that port of the loopback address.
   *
   * @param throughPort of a server of the test's own
   */
  TrapSockets(int throughPort) throws IOException {
    this.throughPort = throughPort;
    threads.execute(this::sendEverybodyAway);
  }

  /** The port that the trap listens on. */
  int port() {
    return trap.getLocalPort();
  }

  /** How many connections have come into the trap. */
  int caught() {
    return caught.get();
  }

  /** Every address that was to be connected to, in order; those let through are not counted. */
  List<InetSocketAddress> targets() {
    return List.copyOf(targets);
  }

  private void sendEverybodyAway() {
    while (true) {
      try (Socket _ = trap.accept()) {
        caught.incrementAndGet();
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
        if (target.getPort() == throughPort && target.getAddress().isLoopbackAddress()) {
          super.connect(endpoint, timeout);
        } else {
          targets.add(target);
          super.connect(trap.getLocalSocketAddress(), timeout);
        }
      }
    };
  }

  @Override
  public Socket createSocket(String host, int port) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress localHost, int localPort) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Socket createSocket(InetAddress host, int port) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Socket createSocket(
      InetAddress address, int port, InetAddress localAddress, int localPort) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() throws IOException {
    trap.close();
    threads.close();
  }
}
