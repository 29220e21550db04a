package dev.atelier.skytells.output;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import javax.net.SocketFactory;

/** Sockets of which the first ones cannot connect; remembers where each was to go. */
public final class RefusingSockets extends SocketFactory {
  private final List<InetSocketAddress> targets = Collections.synchronizedList(new ArrayList<>());
  private final int refusals;

  public RefusingSockets(int refusals) {
    this.refusals = refusals;
  }

  /** Every address that was to be connected to, in order. */
  public List<InetSocketAddress> targets() {
    return List.copyOf(targets);
  }

  @Override
  public Socket createSocket() {
    return new Socket() {
      @Override
      public void connect(SocketAddress endpoint, int timeout) throws IOException {
        targets.add((InetSocketAddress) endpoint);
        if (targets.size() <= refusals) {
          throw new ConnectException("refused");
        }
        super.connect(endpoint, timeout);
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
}
