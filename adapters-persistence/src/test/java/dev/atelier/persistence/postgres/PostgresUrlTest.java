package dev.atelier.persistence.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atelier.application.port.Secret;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PostgresUrlTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "postgresql://ann:secret@db.example.com:6432/atelier?sslmode=require",
        "postgres://ann:secret@db.example.com:6432/atelier?sslmode=require",
        "jdbc:postgresql://ann:secret@db.example.com:6432/atelier?sslmode=require",
        "jdbc:postgresql://db.example.com:6432/atelier?user=ann&password=secret&sslmode=require",
      })
  void everyFormGivesTheSameUrl(String text) {
    PostgresUrl url = PostgresUrl.parse(text);

    assertThat(url.jdbcUrl())
        .isEqualTo("jdbc:postgresql://db.example.com:6432/atelier?sslmode=require");
    assertThat(url.user()).contains("ann");
    assertThat(url.password()).contains(new Secret("secret"));
  }

  @Test
  void userAndPasswordAreDecoded() {
    PostgresUrl url = PostgresUrl.parse("postgresql://a%40b.c:p%2Fq%3F%25+%C3%BC:r@localhost/db");

    assertThat(url.user()).contains("a@b.c");
    assertThat(url.password()).contains(new Secret("p/q?%+ü:r"));
  }

  @Test
  void userAndPasswordAreOptional() {
    PostgresUrl url = PostgresUrl.parse("postgresql://localhost/db");

    assertThat(url.user()).isEmpty();
    assertThat(url.password()).isEmpty();
    assertThat(url.jdbcUrl()).isEqualTo("jdbc:postgresql://localhost/db");
    assertThat(PostgresUrl.parse("postgresql://ann@localhost/db").user()).contains("ann");
  }

  @Test
  void acceptsSeveralHostsAndIpv6Addresses() {
    assertThat(PostgresUrl.parse("postgresql://ann@a:1,b:2,[::1]:3/db?targetServerType=primary"))
        .extracting(PostgresUrl::jdbcUrl)
        .isEqualTo("jdbc:postgresql://a:1,b:2,[::1]:3/db?targetServerType=primary");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "hunter2",
        "mysql://ann:hunter2@localhost/db",
        "postgresql://ann:hunter2@localhost",
        "postgresql://ann:hunter2@localhost/",
        "postgresql://ann:hunter2@/db",
        "postgresql://ann:hunter2@localhost:/db",
        "postgresql://ann:hunter2@localhost:0/db",
        "postgresql://ann:hunter2@localhost:65536/db",
        "postgresql://ann:hunter2@localhost:hunter2/db",
        "postgresql://ann:hunter2@@localhost/db",
        "postgresql://ann:hunter2/@localhost/db",
        "postgresql://ann:hunter2#@localhost/db",
        "postgresql://ann:hunter2?@localhost/db",
        "postgresql://ann:hunter2%@localhost/db",
        "postgresql://ann:%zzhunter2@localhost/db",
        "jdbc:postgresql://localhost/db?password=%zzhunter2",
        "postgresql://ann:hunter2@local host/db",
        "postgresql://ann:hunter2@a,,b/db",
        "postgresql://ann:hunter2@localhost/db/hunter2",
      })
  void rejectsAnInvalidUrlWithoutQuotingIt(String text) {
    assertThatThrownBy(() -> PostgresUrl.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("must look like postgresql://user:password@host:5432/database")
        .hasNoCause();
  }

  @Test
  void printsNoSecret() {
    PostgresUrl url =
        PostgresUrl.parse("postgresql://ann:hunter2@localhost:1/db?sslpassword=hunter2");

    assertThat(url).hasToString("postgresql://localhost:1/db");
    assertThat(PostgresUrl.parse("jdbc:postgresql://localhost/db?user=ann&password=hunter2"))
        .extracting(PostgresUrl::jdbcUrl)
        .isEqualTo("jdbc:postgresql://localhost/db");
  }
}
