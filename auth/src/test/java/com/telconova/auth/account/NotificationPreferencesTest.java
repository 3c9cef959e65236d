package com.telconova.auth.account;

import static com.telconova.auth.account.NotificationPreferences.Channel.EMAIL;
import static com.telconova.auth.account.NotificationPreferences.Channel.SMS;
import static org.assertj.core.api.Assertions.assertThat;

import com.telconova.auth.account.NotificationPreferences.Channel;
import com.telconova.auth.account.NotificationPreferences.QuietHours;
import com.telconova.shared.problem.Fault;
import com.telconova.shared.problem.Faults;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class NotificationPreferencesTest {
  @Test
  void what_means_the_same_is_equal() {
    assertThat(preferences(List.of(SMS, EMAIL, SMS), Map.of()))
        .isEqualTo(preferences(List.of(EMAIL, SMS), null));
    assertThat(preferences(List.of(), null)).isNotEqualTo(NotificationPreferences.NONE);
  }

  @Test
  void up_to_thirty_types_of_event_have_channels_of_their_own() {
    assertThat(faults(preferences(null, events(30)))).isEmpty();
    assertThat(faults(preferences(null, events(31)))).containsExactly("/p/perEvent");
    assertThat(faults(preferences(null, Map.of("Order Created", List.of(EMAIL)))))
        .containsExactly("/p/perEvent");
  }

  @Test
  void quiet_hours_have_a_start_and_another_end() {
    assertThat(faults(quiet("22:00", "06:00"))).isEmpty();
    assertThat(faults(quiet("00:00", "23:59"))).isEmpty();
    assertThat(faults(quiet(null, "24:00")))
        .containsExactly("/p/quietHours/start", "/p/quietHours/end");
    assertThat(faults(quiet("9:00", "09:00:00")))
        .containsExactly("/p/quietHours/start", "/p/quietHours/end");
    assertThat(faults(quiet("09:00", "09:00"))).containsExactly("/p/quietHours/end");
  }

  @Test
  void push_goes_to_an_endpoint_of_sns_and_nowhere_else() {
    assertThat(faults(push("arn:aws:sns:us-east-1:123456789012:endpoint/APNS/app/5e3e-9847")))
        .isEmpty();
    assertThat(faults(push("arn:aws:sns:us-east-1:123456789012:microflow-auth")))
        .containsExactly("/p/pushEndpoint");
    assertThat(faults(push("arn:aws:sns:us-east-1:123456789012:endpoint/a\n")))
        .containsExactly("/p/pushEndpoint");
    assertThat(faults(push(""))).containsExactly("/p/pushEndpoint");
  }

  private static NotificationPreferences push(String endpoint) {
    return new NotificationPreferences(null, null, null, endpoint);
  }

  private static NotificationPreferences preferences(
      List<Channel> channels, Map<String, List<Channel>> perEvent) {
    return new NotificationPreferences(channels, perEvent, null, null);
  }

  private static NotificationPreferences quiet(String start, String end) {
    return new NotificationPreferences(null, null, new QuietHours(start, end), null);
  }

  private static Map<String, List<Channel>> events(int count) {
    return IntStream.range(0, count)
        .boxed()
        .collect(Collectors.toMap(n -> "order." + "x".repeat(n + 1), _ -> List.of(EMAIL)));
  }

  private static List<String> faults(NotificationPreferences preferences) {
    Faults faults = new Faults();
    preferences.check(faults, "/p");
    return faults.list().stream().map(Fault::pointer).toList();
  }
}
