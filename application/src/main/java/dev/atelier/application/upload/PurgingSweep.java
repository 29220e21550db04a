package dev.atelier.application.upload;

import dev.atelier.application.sweep.Sweep;

/** A sweep that removes uploads as well. */
public final class PurgingSweep implements Sweep {
  private final Sweep sweep;
  private final PurgeUploads purgeUploads;

  public PurgingSweep(Sweep sweep, PurgeUploads purgeUploads) {
    this.sweep = sweep;
    this.purgeUploads = purgeUploads;
  }

  @Override
  public Result sweep(Command command) {
    Result result = sweep.sweep(command);
    purgeUploads.run();
    return result;
  }
}
