package dev.atelier.persistence.postgres;

import com.zaxxer.hikari.SQLExceptionOverride;
import java.sql.SQLException;

/**
 * After a failover a connection may still lead to the old primary, which now only reads; it would
 * fail every write until it grows old. So the first one that does is the last.
 */
final class ReadOnlyEviction implements SQLExceptionOverride {
  /** SQLSTATE read_only_sql_transaction (PostgreSQL, appendix A). */
  private static final String READ_ONLY = "25006";

  @java.lang.Override
  public SQLExceptionOverride.Override adjudicate(SQLException e) {
    return READ_ONLY.equals(e.getSQLState())
        ? SQLExceptionOverride.Override.MUST_EVICT
        : SQLExceptionOverride.Override.CONTINUE_EVICT;
  }
}
