package com.telconova.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.telconova.local.terminal.Terminal;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/// The whole product, as a newcomer meets it first.
final class DemoIT {

  @Test
  void one_order_goes_through_its_whole_life_and_the_results_are_shown() throws Exception {
    try (var checkout = ScratchCheckout.real();
        var demo = demo(checkout)) {
      int code = demo.awaitEnd();

      assertThat(code).as(demo.output()).isZero();
      assertThat(demo.output())
          .contains("POST /users", "POST /auth/register", "POST /orders", "GET /tracking/{id}")
          .contains("makes the order IN_PROGRESS", "makes the order COMPLETED")
          .contains("tracking.work_completed", "order.completed")
          .contains("<clara@home.example>", "<teresa@telconova.example>")
          .contains("wants to hear of new work by SMS", "SMS and push, which go to a file here:")
          .contains("SMS to +573001234567")
          .contains("RSS MiB", "nothing is left running")
          .doesNotContain("✗", "not yet", "PENDING", "FAILED");
      assertThat(demo.output().lines()).allMatch(line -> line.length() <= Terminal.WIDTH);
    }
  }

  @Test
  void ctrl_c_in_the_middle_of_the_story_leaves_nothing() throws Exception {
    try (var checkout = ScratchCheckout.withStandIns();
        var demo = demo(checkout)) {
      // What comes next, the order, is never answered.
      demo.awaitOutput("POST /auth/register ");
      demo.interrupt();
    }
  }

  private static Command demo(ScratchCheckout checkout) throws IOException {
    return new Command(checkout.root(), "demo", "--port-offset", "auto");
  }
}
