package dev.atelier.application.port;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TraceContextTest {
  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final String SPAN = "00f067aa0ba902b7";
  private static final String PARENT = "00-" + TRACE + "-" + SPAN + "-01";

  @Test
  void continuesATraceWithAChildSpan() {
    TraceContext taken = TraceContext.parse(PARENT).orElseThrow();

    assertThat(taken).isEqualTo(new TraceContext(TRACE, SPAN, true));
    assertThat(taken.traceparent()).isEqualTo(PARENT);
    assertThat(taken.step(74).traceparent()).isEqualTo("00-" + TRACE + "-000000000000004a-01");
    assertThat(taken.step(0).spanId()).isEqualTo("0000000000000001");
    assertThat(TraceContext.parse("00-" + TRACE + "-" + SPAN + "-02").orElseThrow().traceparent())
        .endsWith("-00");
  }

  @Test
  void acceptsLaterVersionsWithMoreFields() {
    assertThat(TraceContext.parse("cc-" + TRACE + "-" + SPAN + "-01-what-ever")).isPresent();
    assertThat(TraceContext.parse("cc-" + TRACE + "-" + SPAN + "-01")).isPresent();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "00",
        "ff-" + TRACE + "-" + SPAN + "-01",
        "00-" + TRACE + "-" + SPAN,
        "00-" + TRACE + "-" + SPAN + "-01-more",
        "cc-" + TRACE + "-" + SPAN + "-01.more",
        "00-00000000000000000000000000000000-" + SPAN + "-01",
        "00-" + TRACE + "-0000000000000000-01",
        "00-4BF92F3577B34DA6A3CE929D0E0E4736-" + SPAN + "-01",
        "00-" + TRACE + "-" + SPAN + "-0x",
        " 00-" + TRACE + "-" + SPAN + "-01"
      })
  void ignoresAMalformedHeader(String header) {
    assertThat(TraceContext.parse(header)).isEmpty();
  }

  @Test
  void bindsATraceToTheThread() {
    TraceContext trace = TraceContext.parse(PARENT).orElseThrow();

    assertThat(TraceContext.current()).isEmpty();
    ScopedValue.where(TraceContext.CURRENT, trace)
        .run(() -> assertThat(TraceContext.current()).contains(trace));
    assertThat(TraceContext.current()).isEmpty();
  }
}
