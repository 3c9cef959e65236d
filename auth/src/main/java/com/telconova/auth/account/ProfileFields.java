package com.telconova.auth.account;

import com.telconova.auth.account.Profile.Language;
import com.telconova.shared.problem.Faults;
import java.time.ZoneId;
import java.time.zone.ZoneRulesException;
import java.time.zone.ZoneRulesProvider;
import java.util.Optional;

/// The fields of a profile as requests have them; each may be null.
public record ProfileFields(
    String name,
    String phone,
    String locale,
    String timeZone,
    NotificationPreferences notificationPreferences) {

  /// Adds what is wrong to `faults`. That a name is there is for those to ask who need one.
  public void check(Faults faults) {
    faults.optionalText("/name", name, 1, Profile.MAX_NAME);
    faults.matches("/name", name, Profile.NAME, "takes one line without control characters");
    faults.matches("/phone", phone, Profile.PHONE, "takes an E.164 number such as +573001234567");
    faults.require(locale == null || language().isPresent(), "/locale", "takes one of es, en");
    faults.require(
        timeZone == null || zone().isPresent(),
        "/timeZone",
        "takes a time zone of the IANA database such as America/Bogota");
    if (notificationPreferences != null) {
      notificationPreferences.check(faults, "/notificationPreferences");
    }
  }

  /// The profile of a new account.
  Profile first() {
    return new Profile(
        name.strip(),
        Optional.ofNullable(phone),
        language().orElse(Language.ES),
        zone().orElse(Profile.DEFAULT_TIME_ZONE),
        NotificationPreferences.NONE);
  }

  /// What is given replaces what was; what is null stays, but for the phone.
  ///
  /// @param newPhone null for no phone
  private Profile over(Profile now, String newPhone) {
    return new Profile(
        name == null ? now.name() : name.strip(),
        Optional.ofNullable(newPhone),
        language().orElse(now.language()),
        zone().orElse(now.timeZone()),
        notificationPreferences == null ? now.preferences() : notificationPreferences);
  }

  /// Replaces a profile: no phone is no phone. What nobody can be without stays if it is missing.
  Profile replacing(Profile now) {
    return over(now, phone);
  }

  /// Changes just what is given.
  public Profile merging(Profile now, boolean withoutPhone) {
    String kept = phone == null ? now.phone().orElse(null) : phone;
    return over(now, withoutPhone ? null : kept);
  }

  private Optional<Language> language() {
    return Optional.ofNullable(locale).flatMap(Language::find);
  }

  /// Only regions of the IANA database: an offset such as `+05:00` knows no daylight saving.
  private Optional<ZoneId> zone() {
    if (timeZone == null) {
      return Optional.empty();
    }
    try {
      ZoneRulesProvider.getRules(timeZone, false);
      return Optional.of(ZoneId.of(timeZone));
    } catch (ZoneRulesException e) {
      return Optional.empty();
    }
  }
}
