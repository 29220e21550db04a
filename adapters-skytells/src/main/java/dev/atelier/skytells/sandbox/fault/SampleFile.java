package dev.atelier.skytells.sandbox.fault;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.atelier.skytells.sandbox.http.FullResponse;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Files of types that no documented model produces: a signature and padding. */
public enum SampleFile {
  FLAC(SandboxFault.TYPE_FLAC, "audio/flac", "664c614300000022"),
  OGG(
      SandboxFault.TYPE_OGG,
      "audio/ogg",
      "4f67675300020000000000000000000000000000000000000000" + "01134f70757348656164"),
  MOV(SandboxFault.TYPE_MOV, "video/quicktime", "00000014667479707174202000000200" + "71742020"),
  M4A(
      SandboxFault.TYPE_M4A,
      "audio/mp4",
      "0000001c667479704d34412000000200" + "4d3441206d70343269736f6d"),
  BMP(
      SandboxFault.TYPE_BMP,
      "image/bmp",
      "424d3608000000000000360000002800000010000000100000000100180000000000"),
  TIFF(SandboxFault.TYPE_TIFF, "image/tiff", "49492a0008000000"),
  HEIC(
      SandboxFault.TYPE_HEIC,
      "image/heic",
      "00000018667479706865696300000000" + "6d69663168656963"),
  JXL(SandboxFault.TYPE_JXL, "image/jxl", "0000000c4a584c200d0a870a"),
  GLB(SandboxFault.TYPE_GLB, "model/gltf-binary", "676c5446020000001008000000000000"),
  ZIP(SandboxFault.TYPE_ZIP, "application/zip", "504b0304140000000800"),
  UNKNOWN(SandboxFault.TYPE_UNKNOWN, "application/octet-stream", "0102030405060708"),
  TEXT(SandboxFault.TYPE_TEXT, "text/plain", hex("A poem, which is what was asked for.\n")),
  SVG(
      SandboxFault.TYPE_SVG,
      "image/svg+xml",
      hex(
          "<?xml version='1.0'?>\n<!-- drawn -->\n<svg xmlns='http://www.w3.org/2000/svg'>"
              + "<script>alert(document.domain)</script></svg>\n"));

  private static final int BYTES = 2048;

  private final SandboxFault fault;
  private final String type;
  private final String head;

  SampleFile(SandboxFault fault, String type, String head) {
    this.fault = fault;
    this.type = type;
    this.head = head;
  }

  private static String hex(String text) {
    return HexFormat.of().formatHex(text.getBytes(UTF_8));
  }

  public static Optional<FullResponse> of(SandboxFaults faults) {
    return Stream.of(values())
        .filter(file -> faults.has(file.fault))
        .findFirst()
        .map(file -> new FullResponse(200, Map.of("Content-Type", file.type), file.bytes()));
  }

  private byte[] bytes() {
    byte[] bytes = HexFormat.of().parseHex(head);
    boolean text = this == TEXT || this == SVG;
    return text ? bytes : Arrays.copyOf(bytes, BYTES);
  }
}
