package dev.atelier.http.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atelier.http.Response;
import dev.atelier.http.TestServer;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UsageIT {
  @AutoClose private final TestServer studio = TestServer.start();

  private LocalDate today() {
    return LocalDate.ofInstant(studio.clock.instant(), ZoneOffset.UTC);
  }

  private void generate(String user) {
    assertThat(studio.generate("{\"prompt\":\"a cat\",\"userId\":\"" + user + "\"}").status())
        .isEqualTo(202);
  }

  @Test
  void theLastThirtyDaysAreSummedByDay() {
    generate("ada");
    generate("grace");

    Response response = studio.get("/api/usage");

    assertThat(response.status()).isEqualTo(200);
    assertThat(response.header("Cache-Control")).contains("private, no-cache");
    assertThat(response.text())
        .isEqualTo(
            """
            {"from":"%s","to":"%s","by":"day",\
            "items":[{"day":"%2$s","generations":2,"amount":0.06,"currency":"USD"}]}"""
                .formatted(today().minusDays(29), today()));
  }

  @Test
  void aUserSeesTheirOwn() {
    generate("ada");
    generate("grace");
    generate("grace");

    assertThat(studio.get("/api/usage?by=user&userId=grace").json().get("items").toString())
        .isEqualTo("[{\"user\":\"grace\",\"generations\":2,\"amount\":0.06,\"currency\":\"USD\"}]");
    assertThat(studio.get("/api/usage?by=model").json().at("/items/0/model").textValue())
        .isEqualTo("truefusion-pro");
  }

  @Test
  void aPeriodMayBeGiven() {
    generate("ada");
    LocalDate yesterday = today().minusDays(1);

    assertThat(studio.get("/api/usage?from=" + yesterday + "&to=" + yesterday).json().get("items"))
        .isEmpty();
    assertThat(studio.get("/api/usage?from=" + today() + "&to=" + today()).json().get("items"))
        .hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({
    "from=yesterday, from",
    "to=2026-13-01, to",
    "to=-999999999-01-01, to",
    "from=%2B9999999-01-01, from",
    "from=0000-01-01&to=0000-01-01, to",
    "from=2026-11-02&to=2026-11-01, from",
    "from=2020-01-01&to=2026-11-01, from",
    "by=week, by",
    "by=day&by=user, by",
    "userId=%00, userId"
  })
  void anInvalidParameterIsNamed(String query, String parameter) {
    Response response = studio.get("/api/usage?" + query);

    assertThat(response.status()).isEqualTo(400);
    assertThat(response.json().at("/errors/0/field").textValue()).isEqualTo(parameter);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0001-01-01", "9999-12-31"})
  void anyDayOfFourDigitYearsMayBeGiven(String day) {
    assertThat(studio.get("/api/usage?to=" + day).status()).isEqualTo(200);
    assertThat(studio.get("/api/usage?from=" + day + "&to=" + day).status()).isEqualTo(200);
  }

  @Test
  void aGenerationBeyondTheBudgetIsRefusedUntilTheNextDay() {
    studio.models.setPrice("900");
    generate("ada");

    Response response = studio.generate("{\"prompt\":\"a cat\",\"userId\":\"ada\"}");

    assertThat(response.status()).isEqualTo(429);
    assertThat(response.json().get("code").textValue()).isEqualTo("budget_exceeded");
    long seconds =
        Duration.between(
                studio.clock.instant(),
                today().plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant())
            .toSeconds();
    assertThat(Long.parseLong(response.header("Retry-After").orElseThrow()))
        .isBetween(seconds, seconds + 1);
    assertThat(studio.skytells.sold()).hasSize(1);
    generate("grace");
  }
}
