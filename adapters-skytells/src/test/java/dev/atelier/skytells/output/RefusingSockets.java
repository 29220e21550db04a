package dev.atelier.skytells.output;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;

/** Sockets that fail to connect the first {@code refusals} times. */
public final class RefusingSockets extends RecordingSockets {
  private final int refusals;

  public RefusingSockets(int refusals) {
    this.refusals = refusals;
  }

  @Override
  public Socket createSocket() {
    return new Socket() {
      @Override
      public void connect(SocketAddress endpoint, int timeout) throws IOException {
        record((InetSocketAddress) endpoint);
        if (targets().size() <= refusals) {
          throw new ConnectException("refused");
        }
        super.connect(endpoint, timeout);
      }
    };
  }
}
