package dev.atelier.http.problem;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atelier.domain.Failure;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ProblemTest {
  @Test
  void aProblemHasEveryMember() {
    assertThat(Problem.of(ProblemCode.NOT_FOUND).json("request-1").toString())
        .isEqualTo(
            """
            {"type":"about:blank","title":"Not Found","status":404,\
            "detail":"The resource does not exist.","code":"not_found",\
            "error":"The resource does not exist.","retryable":false,\
            "requestId":"request-1","errors":[]}""");
  }

  @ParameterizedTest
  @EnumSource(Failure.Code.class)
  void aProviderRefusalIsNeverAnInternalError(Failure.Code code) {
    assertThat(ProblemCode.of(code).status()).isIn(422, 429, 502);
  }

  @ParameterizedTest
  @CsvSource({
    "400, 400, invalid_request",
    "417, 417, invalid_request",
    "501, 400, invalid_request",
    "505, 400, invalid_request",
    "404, 404, not_found",
    "431, 431, headers_too_large",
    "500, 500, internal_error",
    "503, 503, unavailable"
  })
  void clientErrorsThatTheServerFindsNeverBecome500(int found, int status, String code) {
    Problem problem = Problem.ofStatus(found);

    assertThat(problem.status()).isEqualTo(status);
    assertThat(problem.code().value()).isEqualTo(code);
  }

  @ParameterizedTest
  @CsvSource({"PT0S, 1", "PT0.001S, 1", "PT1S, 1", "PT1.2S, 2", "PT1M, 60"})
  void retryAfterIsRoundedUpToWholeSeconds(Duration after, String seconds) {
    assertThat(Problem.of(ProblemCode.PROVIDER_BUSY).retryAfter(after).retryAfterSeconds())
        .contains(seconds);
  }
}
