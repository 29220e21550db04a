package dev.atelier.skytells.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atelier.domain.Failure;
import dev.atelier.domain.Prediction;
import dev.atelier.domain.PredictionId;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PredictionReaderTest {
  private static final PredictionId ID = new PredictionId("p-1");

  @ParameterizedTest
  @CsvSource({
    "queued, Queued",
    "pending, Queued",
    "starting, Queued",
    "started, Queued",
    "processing, Processing",
    "succeeded, Succeeded",
    "failed, Failed",
    "canceled, Canceled",
    "cancelled, Canceled",
    "QUEUED, Queued",
    "Pending, Queued",
    "PROCESSING, Processing",
    "FAILED, Failed",
    "CANCELLED, Canceled",
    "prediction.succeeded, Succeeded",
    "warming up, Processing",
    "'', Processing",
  })
  void everySpellingOfAStatusIsRead(String status, String expected) {
    assertThat(kind("{\"id\":\"p-1\",\"status\":\"" + status + "\"}")).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"false, Queued", "true, Processing", "null, Processing", "7, Processing"})
  void aStatusThatIsNotAStringIsARunningOne(String status, String expected) {
    assertThat(kind("{\"id\":\"p-1\",\"status\":" + status + "}")).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "prediction.succeeded, Succeeded",
    "prediction.failed, Failed",
    "prediction.cancelled, Canceled",
    "prediction.started, Queued",
    "failed, Failed",
    "canceled, Canceled",
    "completed, Processing",
  })
  void theEventTypeReplacesAMissingStatus(String type, String expected) {
    assertThat(kind("{\"type\":\"" + type + "\",\"data\":{\"id\":\"p-1\"}}")).isEqualTo(expected);
  }

  @Test
  void theStatusTakesPrecedenceOverTheEventType() {
    assertThat(
            read(
                "{\"type\":\"prediction.succeeded\",\"data\":{\"id\":\"p-1\",\"status\":\"failed\"}}"))
        .get()
        .isInstanceOf(Prediction.Failed.class);
  }

  @Test
  void aPredictionWithADataMemberIsNotAnEnvelope() {
    assertThat(read("{\"id\":\"p-1\",\"status\":\"queued\",\"data\":{\"size\":1}}"))
        .contains(new Prediction.Queued(ID));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "[]",
        "null",
        "\"p-1\"",
        "{\"id\":null,\"status\":\"queued\"}",
        "{\"id\":7,\"status\":\"queued\"}",
        "{\"id\":\"\",\"status\":\"queued\"}",
        "{\"id\":\"../admin\",\"status\":\"queued\"}",
        "{\"status\":false,\"response\":\"Unauthorized\"}",
        "{\"data\":{\"status\":\"queued\"}}",
      })
  void aDocumentWithoutAValidIdIsNotAPrediction(String json) {
    assertThat(read(json)).isEmpty();
  }

  @Test
  void aSuccessMayHaveNoOutput() {
    assertThat(succeeded("\"output\":null").outputs()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "2026-03-04T21:21:02.000000Z",
    "2026-03-04T21:21:02+00:00",
    "2026-03-04T21:21:02Z",
    "2026-03-04T23:21:02+02:00",
  })
  void bothFormatsOfTimeAreRead(String text) {
    assertThat(completedAt("\"" + text + "\"")).contains(Instant.parse("2026-03-04T21:21:02Z"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "\"\"", "\"yesterday\"", "1741910220", "\"2026-03-04\""})
  void anInvalidTimeIsIgnored(String json) {
    assertThat(completedAt(json)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "'error':{'message':'a','error_id':'X'}, 'error_message':'b' | X: a",
        "'error':null, 'error_message':'b', 'message':'c'            | b",
        "'error':'c', 'message':'d', 'response':'e'                  | c",
        "'error':null, 'message':'d', 'response':'e'                 | d",
        "'error':null, 'response':'e', 'detail':'f'                  | e",
        "'error':null, 'detail':'f'                                  | f",
        "'error':{}                                                  | \"\"",
      })
  void theMessageOfAFailureIsFoundInEveryForm(String fields, String expected) {
    assertThat(failure(fields).diagnostic()).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "CONTENT_POLICY_VIOLATION, CONTENT_POLICY",
    "INSUFFICIENT_CREDITS, PROVIDER_UNAVAILABLE",
    "INFERENCE_TIMEOUT, GENERATION_FAILED",
    "INVALID_INPUT, REJECTED_BY_PROVIDER",
    "SOMETHING_NEW, GENERATION_FAILED",
  })
  void theErrorIdDeterminesTheFailureCode(String id, Failure.Code code) {
    assertThat(failure("'error_id':'" + id + "'").code()).isEqualTo(code);
    assertThat(failure("'error':{'error_id':'" + id + "'}").code()).isEqualTo(code);
    assertThat(failure("'error':{'code':'" + id + "'}").code()).isEqualTo(code);
    assertThat(failure("'error':'" + id + "'").code()).isEqualTo(Failure.Code.GENERATION_FAILED);
  }

  @Test
  void charactersThatPostgresqlCannotStoreAreReplaced() {
    assertThat(failure("'error':'a\\u0000b\\ud800c'").diagnostic()).isEqualTo("ab\ufffdc");
  }

  private static String kind(String json) {
    return read(json).orElseThrow().getClass().getSimpleName();
  }

  private static Failure failure(String fields) {
    String json = "{'id':'p-1','status':'failed'," + fields + "}";
    return ((Prediction.Failed) read(json.replace('\'', '"')).orElseThrow()).failure();
  }

  private static Optional<Instant> completedAt(String json) {
    return succeeded("\"completed_at\":" + json).completedAt();
  }

  private static Prediction.Succeeded succeeded(String fields) {
    return (Prediction.Succeeded)
        read("{\"id\":\"p-1\",\"status\":\"succeeded\"," + fields + "}").orElseThrow();
  }

  private static Optional<Prediction> read(String json) {
    return PredictionReader.read(Fixtures.read(json).orElseThrow());
  }
}
