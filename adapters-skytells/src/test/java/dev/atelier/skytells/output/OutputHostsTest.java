package dev.atelier.skytells.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import okhttp3.HttpUrl;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OutputHostsTest {
  @ParameterizedTest
  @CsvSource({
    "cdn.skytells.ai, true",
    "a.b.skytells.ai, true",
    "skytells.ai, true",
    "delivery.skytells.cloud, true",
    "cdn.skytells.ai.evil.example, false",
    "evilskytells.ai, false",
    "skytells.evil.tld, false",
    "cdn.skytells.ai., false",
    "127.0.0.1, false",
    "ai, false",
  })
  void aDomainIsMatchedOnADotBoundary(String host, boolean allowed) {
    assertThat(OutputHosts.DEFAULT.allows(host)).isEqualTo(allowed);
  }

  @Test
  void aHostWithoutALeadingDotMatchesOnlyItself() {
    OutputHosts hosts = OutputHosts.parse(" CDN.example.com , .r2.dev");

    assertThat(hosts.allows("cdn.example.com")).isTrue();
    assertThat(hosts.allows("a.cdn.example.com")).isFalse();
    assertThat(hosts.allows("bucket.r2.dev")).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "http://127.0.0.1:9100/a.png, true",
    "http://127.0.0.1:9101/a.png, false",
    "https://127.0.0.1:9100/a.png, false",
    "http://127.0.0.2:9100/a.png, false",
  })
  void anOriginMatchesExactly(String url, boolean trusted) {
    assertThat(OutputHosts.parse("http://127.0.0.1:9100").trusts(HttpUrl.get(url)))
        .isEqualTo(trusted);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ",",
        ".skytells.ai,",
        ".",
        "..skytells.ai",
        "ai",
        ".ai",
        "*.skytells.ai",
        "127.0.0.1",
        ".0.0.1",
        "[::1]",
        "cdn.skytells.ai:443",
        "cdn.skytells.ai/outputs",
        "-a.example.com",
        "http://",
        "ftp://127.0.0.1",
        "http://user@127.0.0.1:9100",
        "http://127.0.0.1:9100/path",
        "http://127.0.0.1:9100?a=b",
      })
  void anInvalidEntryIsRejectedWithExamples(String list) {
    assertThatThrownBy(() -> OutputHosts.parse(list))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("must look like .skytells.ai");
  }
}
