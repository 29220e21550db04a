package dev.atelier.persistence.postgres;

import com.zaxxer.hikari.SQLExceptionOverride;
import java.sql.SQLException;

/**
 * Evicts a connection that fails to write because the server is read-only: after a failover it
 * leads to the old primary.
 */
final class ReadOnlyConnectionEviction implements SQLExceptionOverride {
  /** SQLSTATE read_only_sql_transaction (PostgreSQL, appendix A). */
  private static final String READ_ONLY = "25006";

  @java.lang.Override
  public SQLExceptionOverride.Override adjudicate(SQLException e) {
    return READ_ONLY.equals(e.getSQLState())
        ? SQLExceptionOverride.Override.MUST_EVICT
        : SQLExceptionOverride.Override.CONTINUE_EVICT;
  }
}
