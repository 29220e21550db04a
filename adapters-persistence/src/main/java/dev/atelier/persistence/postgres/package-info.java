/**
 * The PostgreSQL adapter: JDBI, HikariCP and Flyway behind the application's ports. No SQL leaves
 * this package. Start at {@link PostgresGenerations}.
 */
@NullMarked
package dev.atelier.persistence.postgres;

import org.jspecify.annotations.NullMarked;
