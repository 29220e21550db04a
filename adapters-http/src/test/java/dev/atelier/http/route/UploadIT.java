package dev.atelier.http.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atelier.application.InMemoryAtelier;
import dev.atelier.application.Pictures;
import dev.atelier.http.Response;
import dev.atelier.http.TestServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UploadIT {
  @AutoClose private final TestServer studio = TestServer.start();

  private Response upload(String query, String type, byte[] file) {
    return studio.send("POST", "/api/uploads" + query, file, "Content-Type", type);
  }

  private Response upload(byte[] file) {
    return upload("", "image/png", file);
  }

  private static String path(Response created) {
    return "/api/uploads/" + created.json().get("id").textValue();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static byte[] form(String headers, byte[] file, String end) {
    var bytes = new ByteArrayOutputStream();
    bytes.writeBytes(
        ascii(
            "preamble\r\n--b0undary\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\nhi\r\n"
                + "--b0undary\r\n"
                + headers
                + "\r\n\r\n"));
    bytes.writeBytes(file);
    bytes.writeBytes(ascii(end));
    return bytes.toByteArray();
  }

  private static final String FORM = "multipart/form-data; boundary=b0undary";
  private static final String FILE =
      "Content-Disposition: form-data; name=\"file\"; filename=\"../a.png\"";
  private static final String LONG_NAME =
      "%E5%9B%BE%E5%9B%BE%E5%9B%BE%E5%9B%BE%E5%9B%BE%E5%9B%BE%E5%9B%BE%E5%9B%BE%E5%9B%BE%E5%9B%BE";
  private static final String FIELD = "Content-Disposition: form-data; name=\"note\"";
  private static final String END = "\r\n--b0undary--\r\n";

  @Test
  void anUploadIsDescribedAndServed() {
    Response created = upload(Pictures.PNG);

    assertThat(created.status()).isEqualTo(201);
    String url = TestServer.APP_URL + path(created);
    assertThat(created.header("Location")).contains(url);
    assertThat(created.header("Cache-Control")).contains("no-store");
    assertThat(created.json().get("url").textValue()).isEqualTo(url);
    assertThat(created.json().get("contentType").textValue()).isEqualTo("image/png");
    assertThat(created.json().get("bytes").intValue()).isEqualTo(Pictures.PNG.length);
    assertThat(created.json().get("width").intValue()).isEqualTo(1);
    assertThat(created.json().get("height").intValue()).isEqualTo(1);

    Response file = studio.get(path(created));
    assertThat(file.status()).isEqualTo(200);
    assertThat(file.body()).isEqualTo(Pictures.PNG);
    assertThat(file.header("X-Content-Type-Options")).contains("nosniff");
    assertThat(file.header("Content-Disposition"))
        .contains("inline; filename=\"" + created.json().get("id").textValue() + ".png\"");
    assertThat(studio.get(path(created), "Range", "bytes=0-3").status()).isEqualTo(206);
    assertThat(
            studio.get(path(created), "If-None-Match", file.header("ETag").orElseThrow()).status())
        .isEqualTo(304);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        FILE,
        "Content-Disposition: form-data; name=\"file\"; filename*=UTF-8''"
            + (LONG_NAME + LONG_NAME + LONG_NAME + LONG_NAME + LONG_NAME + LONG_NAME),
        FIELD + "\r\n\r\na note\r\n--b0undary\r\n" + FILE,
        FILE + "\r\nContent-Type: image/png",
        FILE + "\r\ncontent-type: application/octet-stream"
      })
  void aFormMayContainTheFile(String headers) {
    Response created = upload("", FORM, form(headers, Pictures.PNG, END));

    assertThat(created.status()).isEqualTo(201);
    assertThat(studio.get(path(created)).body()).isEqualTo(Pictures.PNG);
  }

  @Test
  void aFormIsReadWithAQuotedBoundary() {
    assertThat(
            upload(
                    "",
                    "Multipart/Form-Data; charset=utf-8; boundary=\"b0undary\"",
                    form(FILE, Pictures.PNG, END))
                .status())
        .isEqualTo(201);
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "'", "utf-7-and-a-half"})
  void anUnknownCharsetIsInvalid(String charset) {
    upload("?userId=ada", "image/png; charset=" + charset, Pictures.PNG)
        .isProblem(400, "invalid_request");
  }

  @Test
  void aFormWithoutOneFileAndAnEndIsMalformed() {
    for (byte[] body :
        new byte[][] {
          form(FIELD, Pictures.PNG, END),
          form(FILE, Pictures.PNG, ""),
          form(FILE, Pictures.PNG, "\r\n--b0und"),
          form(FILE, Pictures.PNG, "\r\n--b0undary\r\n"),
          form(FILE, Pictures.PNG, "\r\n--b0undary\r\n" + FIELD),
          form(FILE, Pictures.PNG, "\r\n--b0undary\r\n" + FILE + "\r\n\r\nGIF89a" + END),
          ascii("--b0undary"),
          ascii("nothing")
        }) {
      Response response = upload("", FORM, body);
      response.isProblem(400, "invalid_request");
      assertThat(response.json().at("/errors/0/field").textValue()).isEqualTo("body");
    }
    upload("", "multipart/form-data", form(FILE, Pictures.PNG, END))
        .isProblem(400, "invalid_request");
    assertNothingIsLeft();
  }

  private void assertNothingIsLeft() {
    studio.purgeUploads.run();
    assertThat(studio.uploads.size()).isZero();
    assertThat(studio.blobs.size()).isZero();
  }

  @Test
  void aFileThatIsNoMediaOrLiesAboutItsTypeIsUnusable() {
    upload("", "image/png", ascii("<html>")).isProblem(422, "unusable_file");
    upload("", "image/jpeg", Pictures.PNG).isProblem(422, "unusable_file");
    upload("", FORM, form(FILE + "\r\nContent-Type: audio/mpeg", Pictures.PNG, END))
        .isProblem(422, "unusable_file");
    studio.post("/api/uploads", "").isProblem(422, "unusable_file");
    assertThat(upload("", "image/jpeg", Pictures.PNG).json().get("detail").textValue())
        .isEqualTo("The file is declared as image/jpeg, but its content is image/png.");
    assertNothingIsLeft();
  }

  @Test
  void aFileHasAtMostTheConfiguredSize() {
    byte[] full = new byte[TestServer.UPLOAD_MAX_BYTES];
    byte[] larger = new byte[TestServer.UPLOAD_MAX_BYTES + 1];
    for (byte[] file : new byte[][] {full, larger}) {
      System.arraycopy(ascii("GIF89a"), 0, file, 0, 6);
    }

    assertThat(upload("", "image/gif", full).status()).isEqualTo(201);
    assertThat(upload("", FORM, form(FILE, full, END)).status()).isEqualTo(201);
    upload("", "image/gif", larger).isProblem(413, "too_large");
    upload("", FORM, form(FILE, larger, END)).isProblem(413, "too_large");
  }

  @Test
  void nothingIsLeftOfABodyThatIsCutOff() throws IOException, InterruptedException {
    try (Socket socket = studio.connect()) {
      socket
          .getOutputStream()
          .write(
              ascii(
                  "POST /api/uploads HTTP/1.1\r\nHost: x\r\nContent-Type: image/gif\r\n"
                      + "Content-Length: 100000\r\n\r\nGIF89a"
                      + "x".repeat(50_000)));
      socket.getOutputStream().flush();
      socket.shutdownOutput();
      socket.getInputStream().readAllBytes();
    }

    Poll.until(
        () -> {
          studio.clock.advance(Duration.ofSeconds(20));
          studio.purgeUploads.run();
          return Optional.of(studio.uploads.size()).filter(size -> size == 0);
        });
    assertThat(studio.blobs.size()).isZero();
  }

  @Test
  void metadataIsRemovedUnlessItIsToBeKept() {
    byte[] comment = ascii("\0\0\0\4tEXt48.8CRC!");
    byte[] file = new byte[Pictures.PNG.length + comment.length];
    System.arraycopy(Pictures.PNG, 0, file, 0, 33);
    System.arraycopy(comment, 0, file, 33, comment.length);
    System.arraycopy(Pictures.PNG, 33, file, 33 + comment.length, Pictures.PNG.length - 33);

    assertThat(studio.get(path(upload(file))).body()).isEqualTo(Pictures.PNG);
    assertThat(studio.get(path(upload("?keepMetadata", "image/png", file))).body()).isEqualTo(file);
    assertThat(studio.get(path(upload("?keepMetadata=true", "image/png", file))).body())
        .isEqualTo(file);
    upload("?keepMetadata=yes", "image/png", file).isProblem(400, "invalid_request");
  }

  @Test
  void anUploadBelongsToItsUser() {
    Response created = upload("?userId=ada", "image/png", Pictures.PNG);

    assertThat(studio.get(path(created) + "?userId=grace").status()).isEqualTo(404);
    assertThat(studio.get(path(created) + "?userId=ada").status()).isEqualTo(200);
    assertThat(studio.send("DELETE", path(created) + "?userId=grace", new byte[0]).status())
        .isEqualTo(404);
    upload("?userId=%00", "image/png", Pictures.PNG).isProblem(400, "invalid_request");
    studio.generate(body("grace", created)).isProblem(422, "input_not_found");
    assertThat(studio.generate(body("ada", created)).status()).isEqualTo(202);
  }

  private static String body(String user, Response upload) {
    return "{\"prompt\":\"a cat\",\"userId\":\"%s\",\"input\":{\"image\":\"%s\"}}"
        .formatted(user, upload.json().get("url").textValue());
  }

  @Test
  void aGenerationShowsTheUploadThatItUses() {
    Response created = upload(Pictures.PNG);

    Response response = studio.generate(body("anonymous", created));

    assertThat(response.json().at("/inputs/0/upload")).isEqualTo(created.json().get("id"));
    assertThat(response.json().at("/inputs/0/url")).isEqualTo(created.json().get("url"));
    assertThat(response.json().at("/inputs/0/parameter").textValue()).isEqualTo("image");
  }

  @Test
  void anUploadIsDeletedOnce() {
    Response created = upload(Pictures.PNG);

    assertThat(studio.send("DELETE", path(created), new byte[0]).status()).isEqualTo(204);
    assertThat(studio.send("DELETE", path(created), new byte[0]).status()).isEqualTo(404);
    assertThat(studio.get(path(created)).status()).isEqualTo(404);
    studio.generate(body("anonymous", created)).isProblem(422, "input_not_found");
    assertThat(studio.get("/api/uploads/x").status()).isEqualTo(404);
    assertNothingIsLeft();
  }

  @Test
  void theDailyLimitIsReported() {
    for (int i = 0; i < InMemoryAtelier.UPLOADS_PER_DAY; i++) {
      assertThat(upload(Pictures.PNG).status()).isEqualTo(201);
    }

    Response response = upload(Pictures.PNG);

    response.isProblem(429, "upload_limit_reached");
    assertThat(response.header("Retry-After")).isPresent();
  }

  @Test
  void anOutageIsReported() {
    studio.uploads.breakDown(true);

    upload(Pictures.PNG).isProblem(503, "unavailable");
  }
}
