package com.telconova.auth.throttle;

import com.telconova.shared.config.Settings;
import java.time.Duration;

/// How much one network address may fail, over all accounts: far more than one person does, for
/// thousands may share an address, and little enough that trying one password on every account
/// takes for ever.
///
/// @param addressFailures `THROTTLE_ADDRESS_FAILURES`: how many failures in a row cost nothing, 10
///   to 1,000,000, default 100
/// @param addressRefill `THROTTLE_ADDRESS_REFILL_SECONDS`: after how long one of them is forgotten,
///   1 to 3,600, default 10
public record Limits(int addressFailures, Duration addressRefill) {
  public static Limits from(Settings settings) {
    return new Limits(
        settings.integer("THROTTLE_ADDRESS_FAILURES", 100, 10, 1_000_000),
        settings.seconds("THROTTLE_ADDRESS_REFILL_SECONDS", 10, 1, 3_600));
  }
}
