package dev.atelier.persistence.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atelier.domain.Asset;
import dev.atelier.domain.Generations;
import dev.atelier.domain.Output;
import dev.atelier.domain.OutputStatus;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GenerationJsonTest {
  private static final Asset ASSET = Generations.asset(Generations.submitting().id(), 0);

  @Test
  void readsAnAssetStoredWithoutDimensions() {
    String before =
        """
        [{"key": "%s", "type": "image/png", "bytes": 182034, "sha256": "%s"}]
        """
            .formatted(ASSET.key().value(), ASSET.sha256());

    assertThat(GenerationJson.readAssets(before))
        .isEqualTo(List.of(ASSET.measured(Optional.empty())));
  }

  @Test
  void writesOnlyTheKnownFieldsOfAnAsset() {
    assertThat(GenerationJson.writeAssets(List.of(ASSET)))
        .contains("\"width\":1024,\"height\":768");
    assertThat(GenerationJson.writeAssets(List.of(ASSET.measured(Optional.empty()))))
        .doesNotContain("width", "height");
  }

  @Test
  void readsAnOutputStoredWithoutRefusedSince() {
    String before =
        """
        [{"status": "awaiting", "url": "https://cdn.skytells.ai/a.png"}]
        """;
    List<OutputStatus> outputs =
        List.of(new OutputStatus.Awaiting(new Output("https://cdn.skytells.ai/a.png")));

    assertThat(GenerationJson.readOutputs(before)).isEqualTo(outputs);
    assertThat(GenerationJson.writeOutputs(outputs)).doesNotContain("refusedSince");
  }
}
