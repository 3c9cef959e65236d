package com.telconova.local.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class AnswerParserTest {

  private static final String LENGTH =
      "HTTP/1.1 201 Created\r\nLocation: /orders/0190-ab\r\ncontent-length: 5\r\n\r\n01234";
  private static final String CHUNKED =
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
          + "3\r\nabc\r\nA;name=value\r\n0123456789\r\n0\r\nX-Trailer: yes\r\n\r\n";
  private static final String NOTHING = "HTTP/1.1 204 No Content\r\nETag: \"1\"\r\n\r\n";
  private static final String LINES = "HTTP/1.1 200 \nContent-Length: 2\n\nok";
  private static final String EARLY =
      "HTTP/1.1 103 Early Hints\r\nContent-Length: 9\r\n\r\nHTTP/1.1 429 \r\nContent-Length: 0\r\n\r\n";

  private final AnswerParser parser = new AnswerParser();

  @ParameterizedTest
  @ValueSource(strings = {LENGTH, CHUNKED, NOTHING, LINES, EARLY})
  void an_answer_is_complete_with_its_last_byte_wherever_it_is_split(String answer)
      throws Exception {
    for (int first = 0; first < answer.length(); first++) {
      for (int second = first; second < answer.length(); second++) {
        parser.begin();

        assertThat(parser.read(bytes(answer.substring(0, first)))).isFalse();
        assertThat(parser.read(bytes(answer.substring(first, second)))).isFalse();
        assertThat(parser.read(bytes(answer.substring(second)))).isTrue();
      }
    }
  }

  @Test
  void the_status_is_the_answers_and_not_that_of_a_word_before_it() throws Exception {
    assertThat(parser.read(bytes(EARLY))).isTrue();
    assertThat(parser.status()).isEqualTo(429);
  }

  @Test
  void where_a_thing_was_made_is_the_last_part_of_the_location() throws Exception {
    parser.read(bytes(LENGTH));
    assertThat(parser.location()).isEqualTo("0190-ab");

    parser.begin();
    parser.read(bytes(NOTHING));
    assertThat(parser.location()).isNull();
  }

  @Test
  void bytes_after_the_end_are_left() throws Exception {
    var in = bytes(LENGTH + "HTTP");

    assertThat(parser.read(in)).isTrue();
    assertThat(in.remaining()).isEqualTo(4);
  }

  @Test
  void an_answer_without_a_length_ends_with_the_connection() throws Exception {
    assertThat(parser.read(bytes("HTTP/1.1 200 OK\r\n\r\nabc"))).isFalse();
    assertThat(parser.hasBody()).isTrue();
    assertThat(parser.end()).isTrue();
    assertThat(parser.closes()).isTrue();
  }

  @Test
  void a_connection_that_ends_within_an_answer_completes_none() throws Exception {
    for (int end = 0; end < LENGTH.length(); end++) {
      parser.begin();
      parser.read(bytes(LENGTH.substring(0, end)));

      assertThat(parser.end()).isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nCONNECTION:Close\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n"
      })
  void a_server_that_will_close_is_understood(String answer) throws Exception {
    assertThat(parser.read(bytes(answer))).isTrue();
    assertThat(parser.closes()).isTrue();

    parser.begin();
    parser.read(bytes(LENGTH));
    assertThat(parser.closes()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SSH-2.0-OpenSSH\r\n",
        "HTTP/2 200\r\n\r\n",
        "HTTP/1.1 abc\r\n\r\n",
        "HTTP/1.1 099 No\r\n\r\n",
        "\r\n\r\n",
        "HTTP/1.1 200 OK\r\nno header\r\n\r\n",
        "HTTP/1.1 200 OK\r\n: empty\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 9999999999999\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nabc\r\n"
      })
  void what_is_no_answer_is_refused(String text) {
    assertThatThrownBy(() -> parser.read(bytes(text))).isInstanceOf(Malformed.class);
  }

  @Test
  void a_line_a_head_and_a_body_have_a_limit() {
    var line = "HTTP/1.1 200 OK\r\nX: " + "x".repeat(9_000);
    var head = "HTTP/1.1 200 OK\r\n" + ("X: " + "x".repeat(1_000) + "\r\n").repeat(70);
    var body = bytes("HTTP/1.1 200 OK\r\n\r\n" + "x".repeat(65_536));

    assertThatThrownBy(() -> parser.read(bytes(line))).hasMessageContaining("a line of more");
    parser.begin();
    assertThatThrownBy(() -> parser.read(bytes(head))).hasMessageContaining("a head of more");
    parser.begin();
    assertThatThrownBy(
            () -> {
              parser.read(body);
              while (true) {
                parser.read(body.rewind());
              }
            })
        .hasMessageContaining("a body of more");
  }

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
  }
}
