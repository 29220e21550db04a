package dev.atelier.skytells.output;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import javax.net.SocketFactory;

/** Sockets that record the addresses they are to connect to. OkHttp uses unconnected ones only. */
public abstract class RecordingSockets extends SocketFactory {
  private final List<InetSocketAddress> targets = Collections.synchronizedList(new ArrayList<>());

  final void record(InetSocketAddress target) {
    targets.add(target);
  }

  /** In the order of the connection attempts. */
  public final List<InetSocketAddress> targets() {
    return List.copyOf(targets);
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
}
