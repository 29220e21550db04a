/** The store of generations: PostgreSQL by JDBI, a HikariCP pool and Flyway migrations. */
@NullMarked
package dev.atelier.persistence.postgres;

import org.jspecify.annotations.NullMarked;
