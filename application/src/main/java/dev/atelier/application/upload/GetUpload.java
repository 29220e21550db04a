package dev.atelier.application.upload;

import dev.atelier.application.query.AccessScope;
import dev.atelier.application.query.GetOutput;
import dev.atelier.domain.UploadId;

/** Finds an upload. */
public interface GetUpload {
  /** Finds the upload without reading its bytes. */
  GetOutput.Result get(AccessScope scope, UploadId id);
}
