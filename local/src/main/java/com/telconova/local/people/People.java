package com.telconova.local.people;

import com.telconova.local.api.Answer;
import com.telconova.local.api.Client;
import com.telconova.local.workbench.ServiceEnvironment;
import com.telconova.local.workbench.StartFailed;
import java.util.List;

/// One person of each role. Only the administrator has an account from the start.
public record People(Person admin, Person supervisor, Person technician, Person client) {

  /// All four, most powerful first.
  public List<Person> all() {
    return List.of(admin, supervisor, technician, client);
  }

  /// With new passwords.
  public static People with(ServiceEnvironment environment) {
    return new People(
        new Person(
            "Alba Prieto",
            "ADMIN",
            ServiceEnvironment.ADMIN_EMAIL,
            environment.adminPassword(),
            "en"),
        new Person(
            "Sergio Lozano",
            "SUPERVISOR",
            "sergio@telconova.example",
            environment.newPassword(),
            "es"),
        new Person(
            "Teresa Rojas",
            "TECHNICIAN",
            "teresa@telconova.example",
            environment.newPassword(),
            "es"),
        new Person(
            "Clara Quintero", "CLIENT", "clara@home.example", environment.newPassword(), "en"));
  }

  /// Makes the three accounts that do not exist yet.
  ///
  /// @throws StartFailed when one is refused
  public void register(Client api) {
    var login = expect(200, api.post("/auth/login", null, admin.login()), "log in as " + admin);
    var token = login.text("/accessToken");
    expect(201, api.post("/users", token, supervisor.creation()), "create " + supervisor);
    expect(201, api.post("/users", token, technician.creation()), "create " + technician);
    expect(201, api.post("/auth/register", null, client.registration()), "register " + client);
  }

  private static Answer expect(int status, Answer answer, String what) {
    if (answer.status() != status) {
      throw new StartFailed(
          "could not %s: %d instead of %d, %s"
              .formatted(what, answer.status(), status, answer.problem()));
    }
    return answer;
  }
}
