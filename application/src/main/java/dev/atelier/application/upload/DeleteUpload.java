package dev.atelier.application.upload;

import dev.atelier.application.query.AccessScope;
import dev.atelier.domain.UploadId;

/** Deletes an upload. */
public interface DeleteUpload {
  /**
   * Hides the upload at once; its bytes are removed soon.
   *
   * @return false if there is no such upload in the scope
   */
  boolean delete(AccessScope scope, UploadId id);
}
