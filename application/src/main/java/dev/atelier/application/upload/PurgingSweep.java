package dev.atelier.application.upload;

import dev.atelier.application.sweep.Sweep;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A sweep that starts the removal of uploads as well. It does not wait for it: while the blob store
 * hangs, generations are still polled.
 */
public final class PurgingSweep implements Sweep {
  private static final Logger log = LoggerFactory.getLogger(PurgingSweep.class);

  private final Sweep sweep;
  private final PurgeUploads purgeUploads;
  private final Executor workers;

  /**
   * @param workers closed by the caller
   */
  public PurgingSweep(Sweep sweep, PurgeUploads purgeUploads, Executor workers) {
    this.sweep = sweep;
    this.purgeUploads = purgeUploads;
    this.workers = workers;
  }

  @Override
  public Result sweep(Command command) {
    startPurge();
    return sweep.sweep(command);
  }

  private void startPurge() {
    try {
      workers.execute(purgeUploads::run);
    } catch (RejectedExecutionException e) {
      log.debug("shutting down; another instance removes uploads");
    }
  }
}
