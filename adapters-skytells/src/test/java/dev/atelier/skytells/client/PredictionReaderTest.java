package dev.atelier.skytells.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atelier.domain.Failure;
import dev.atelier.domain.Output;
import dev.atelier.domain.Prediction;
import dev.atelier.domain.PredictionId;
import java.time.Instant;
import java.util.List;
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
  void aStatusThatIsNoTextIsStillRunning(String status, String expected) {
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
  void theEventsTypeStandsInForAMissingStatus(String type, String expected) {
    assertThat(kind("{\"type\":\"" + type + "\",\"data\":{\"id\":\"p-1\"}}")).isEqualTo(expected);
  }

  @Test
  void theStatusOutweighsTheEventsType() {
    assertThat(
            read(
                "{\"type\":\"prediction.succeeded\",\"data\":{\"id\":\"p-1\",\"status\":\"failed\"}}"))
        .get()
        .isInstanceOf(Prediction.Failed.class);
  }

  @Test
  void aPredictionWithDataOfItsOwnIsNoEnvelope() {
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
  void withoutAnIdItIsNoPrediction(String json) {
    assertThat(read(json)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"output\":\"https://a\"",
        "\"output\":[\"https://a\"]",
        "\"output\":[\"https://a\",null,7,\"\",[],{}]",
        "\"output\":[{\"url\":\"https://a\",\"type\":\"image/png\"}]",
        "\"output\":{\"url\":\"https://a\"}",
        "\"output\":null,\"metadata\":{\"storage\":{\"files\":[{\"url\":\"https://a\"}]}}",
        "\"output\":[],\"metadata\":{\"storage\":{\"files\":[{\"url\":\"https://a\"}]}}",
        "\"metadata\":{\"storage\":{\"files\":[{\"url\":\"https://a\"}]}}",
        "\"output\":[\"https://a\"],\"metadata\":{\"storage\":{\"files\":[{\"url\":\"https://b\"}]}}",
      })
  void theOutputIsFoundInEveryForm(String output) {
    assertThat(outputs(output)).containsExactly(new Output("https://a"));
  }

  @Test
  void everyOutputIsKeptOnceInOrder() {
    assertThat(outputs("\"output\":[\"https://b\",{\"url\":\"https://a\"},\"https://b\"]"))
        .extracting(Output::url)
        .containsExactly("https://b", "https://a");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"output\":null", "\"output\":[]", "\"output\":[null]", "\"x\":1"})
  void successMayLeaveNothing(String output) {
    assertThat(outputs(output)).isEmpty();
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
  void anotherTimeIsNone(String json) {
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
  void theWordsOfAFailureAreFoundWhereverTheyAre(String fields, String expected) {
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
  void theReasonOfAFailureIsItsId(String id, Failure.Code code) {
    assertThat(failure("'error_id':'" + id + "'").code()).isEqualTo(code);
    assertThat(failure("'error':{'error_id':'" + id + "'}").code()).isEqualTo(code);
    assertThat(failure("'error':{'code':'" + id + "'}").code()).isEqualTo(code);
    assertThat(failure("'error':'" + id + "'").code()).isEqualTo(Failure.Code.GENERATION_FAILED);
  }

  @Test
  void wordsThatNoDatabaseHoldsAreMended() {
    assertThat(failure("'error':'a\\u0000b\\ud800c'").diagnostic()).isEqualTo("ab\ufffdc");
  }

  private static String kind(String json) {
    return read(json).orElseThrow().getClass().getSimpleName();
  }

  private static Failure failure(String fields) {
    String json = "{'id':'p-1','status':'failed'," + fields + "}";
    return ((Prediction.Failed) read(json.replace('\'', '"')).orElseThrow()).failure();
  }

  private static List<Output> outputs(String field) {
    return succeeded(field).outputs();
  }

  private static Optional<Instant> completedAt(String json) {
    return succeeded("\"completed_at\":" + json).completedAt();
  }

  private static Prediction.Succeeded succeeded(String fields) {
    return (Prediction.Succeeded)
        read("{\"id\":\"p-1\",\"status\":\"succeeded\"," + fields + "}").orElseThrow();
  }

  private static Optional<Prediction> read(String json) {
    return PredictionReader.read(Fixtures.kept(json).orElseThrow());
  }
}
