package com.telconova.local.load;

import static org.assertj.core.api.Assertions.assertThat;

import com.telconova.shared.json.Mappers;
import java.net.URI;
import org.junit.jupiter.api.Test;

final class TargetTest {

  private static final String RUN =
      """
      {"gateway": "http://127.0.0.1:8080", "apiKey": "k",
       "processes": {
         "auth": {"instances": [{"pid": 1, "url": "http://127.0.0.1:1", "adminUrl": "http://127.0.0.1:11"}]},
         "workorder": {"instances": [
           {"pid": 2, "url": "http://127.0.0.1:2", "adminUrl": "http://127.0.0.1:12"},
           {"pid": 3, "url": "http://127.0.0.1:3", "adminUrl": "http://127.0.0.1:13"}]},
         "tracking": {"instances": [{"pid": 4, "url": "http://%s:4", "adminUrl": "http://127.0.0.1:14"}]}},
       "beside": {"PostgreSQL": 5, "SNS, SQS, S3": 6},
       "credentials": {"admin": {"email": "a@b.c", "password": "p"}}}
      """;

  @Test
  void what_runs_says_where_to_send_and_whom_to_watch() throws Exception {
    var run = Mappers.TOLERANT.readTree(RUN.formatted("127.0.0.1"));

    var gateway = Target.ofRun(run, true);
    var direct = Target.ofRun(run, false);

    assertThat(gateway.addresses().get("auth"))
        .containsExactly(URI.create("http://127.0.0.1:8080"));
    assertThat(gateway.apiKey()).contains("k");
    assertThat(direct.addresses().get("workorder")).hasSize(2);
    assertThat(direct.preparation()).containsEntry("workorder", URI.create("http://127.0.0.1:2"));
    assertThat(direct.processes())
        .extracting(Target.Watched::name)
        .containsExactly(
            "auth", "workorder", "workorder-2", "tracking", "PostgreSQL", "SNS, SQS, S3");
    assertThat(direct.processes().get(4).tree()).isTrue();
    assertThat(direct.remote()).isEmpty();
  }

  @Test
  void another_machine_is_told_from_this_one() throws Exception {
    for (var host : new String[] {"10.0.0.1", "127.evil.example", "api.telconova.example"}) {
      var run = Mappers.TOLERANT.readTree(RUN.formatted(host));

      assertThat(Target.ofRun(run, false).remote())
          .containsExactly(URI.create("http://" + host + ":4"));
      assertThat(Target.ofRun(run, true).remote()).isNotEmpty();
    }
  }
}
