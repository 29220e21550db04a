/** PostgreSQL adapters, using JDBI, HikariCP and Flyway. Start with {@code PostgresDatabase}. */
@NullMarked
package dev.atelier.persistence.postgres;

import org.jspecify.annotations.NullMarked;
