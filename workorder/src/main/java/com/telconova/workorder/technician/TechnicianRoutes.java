package com.telconova.workorder.technician;

import static com.telconova.shared.token.Role.SUPERVISOR;
import static com.telconova.shared.token.Role.TECHNICIAN;

import com.telconova.shared.http.Page;
import com.telconova.shared.http.Query;
import com.telconova.shared.http.Requests;
import com.telconova.shared.idempotency.Idempotency;
import com.telconova.shared.json.Body;
import com.telconova.shared.json.Json;
import com.telconova.shared.problem.Faults;
import com.telconova.workorder.place.Coordinates;
import com.telconova.workorder.place.Position;
import com.telconova.workorder.technician.ProfileBody.ShiftBody;
import com.telconova.workorder.technician.ProfileBody.SkillBody;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.time.DayOfWeek;
import java.util.List;
import java.util.UUID;

/// Technicians over HTTP. A technician sees and steers themself only.
public final class TechnicianRoutes {
  private final Idempotency idempotency;
  private final Technicians technicians;

  public TechnicianRoutes(Idempotency idempotency, Technicians technicians) {
    this.idempotency = idempotency;
    this.technicians = technicians;
  }

  public void register(RoutesConfig routes) {
    routes.get("/technicians", this::list, TECHNICIAN, SUPERVISOR);
    routes.get("/technicians/{id}", this::get, TECHNICIAN, SUPERVISOR);
    routes.post("/technicians", idempotency.once(this::register), SUPERVISOR);
    routes.put("/technicians/{id}", this::update, SUPERVISOR);
    routes.put("/technicians/{id}/availability", this::present, TECHNICIAN, SUPERVISOR);
  }

  private void list(Context ctx) {
    Query query = Query.of(ctx, "available", "zone", "skill", "limit", "cursor");
    Boolean available = query.flag("available");
    TechnicianFilter filter =
        new TechnicianFilter(
            null, available == null || available, query.text("zone", 60), query.text("skill", 60));
    Page.Request page = query.page();
    query.check();
    ctx.json(technicians.list(Requests.principal(ctx), filter, page).map(TechnicianView::of));
  }

  private void get(Context ctx) {
    answer(ctx, technicians.get(Requests.principal(ctx), Requests.id(ctx, "id")));
  }

  private void register(Context ctx) {
    NewProfile body = Json.read(ctx, NewProfile.class);
    Technicians.Situation set =
        technicians.register(Requests.principal(ctx), body.id(), body.profile()::toProfile);
    ctx.status(201).header("Location", "/technicians/" + body.id());
    answer(ctx, set);
  }

  private void update(Context ctx) {
    UUID id = Requests.id(ctx, "id");
    ChangedProfile body = Json.read(ctx, ChangedProfile.class);
    answer(ctx, technicians.update(Requests.principal(ctx), id, body.profile()::toProfile));
  }

  private void present(Context ctx) {
    UUID id = Requests.id(ctx, "id");
    Presence body = Json.read(ctx, Presence.class);
    answer(
        ctx, technicians.present(Requests.principal(ctx), id, body.available(), body.position()));
  }

  private static void answer(Context ctx, Technicians.Situation situation) {
    ctx.json(TechnicianView.of(situation));
  }

  /// @param id of the technician's user
  record NewProfile(
      UUID id,
      String zone,
      List<SkillBody> skills,
      ShiftBody shift,
      Integer capacityMinutes,
      Boolean available,
      Double latitude,
      Double longitude)
      implements Body {
    @Override
    public void check(Faults faults) {
      faults.present("/id", id);
      profile().check(faults);
    }

    private ProfileBody profile() {
      return new ProfileBody(zone, skills, shift, capacityMinutes, available, latitude, longitude);
    }
  }

  record ChangedProfile(
      String zone,
      List<SkillBody> skills,
      ShiftBody shift,
      Integer capacityMinutes,
      Boolean available,
      Double latitude,
      Double longitude)
      implements Body {
    @Override
    public void check(Faults faults) {
      profile().check(faults);
    }

    private ProfileBody profile() {
      return new ProfileBody(zone, skills, shift, capacityMinutes, available, latitude, longitude);
    }
  }

  record Presence(Boolean available, Double latitude, Double longitude) implements Body {
    @Override
    public void check(Faults faults) {
      faults.present("/available", available);
      Coordinates.check(faults, latitude, longitude);
    }

    Position position() {
      return Coordinates.of(latitude, longitude);
    }
  }

  /// A technician as callers see them.
  ///
  /// @param zone absent: any
  /// @param shift absent: always on
  /// @param available whether they take work, whether on shift or not
  record TechnicianView(
      UUID id,
      String name,
      boolean active,
      boolean available,
      boolean onShift,
      String zone,
      List<SkillBody> skills,
      ShiftBody shift,
      int capacityMinutes,
      Double latitude,
      Double longitude,
      Load load) {
    /// @param assignedMinutes due today or done today, as estimated
    /// @param openOrders whenever they are due
    /// @param remainingMinutes of today's capacity
    /// @param workingOn the order that they are at; absent when none
    record Load(int assignedMinutes, int remainingMinutes, int openOrders, UUID workingOn) {}

    static TechnicianView of(Technicians.Situation situation) {
      Technician technician = situation.technician();
      Profile profile = technician.profile();
      Position position = profile.position();
      return new TechnicianView(
          technician.id(),
          technician.name(),
          technician.active(),
          profile.available(),
          situation.onShift(),
          profile.zone(),
          profile.skills().stream().map(TechnicianView::skill).toList(),
          profile.shift() == null ? null : shift(profile.shift()),
          profile.capacityMinutes(),
          position == null ? null : position.latitude(),
          position == null ? null : position.longitude(),
          new Load(
              situation.assignedMinutes(),
              situation.remainingMinutes(),
              situation.openOrders(),
              situation.workingOn()));
    }

    private static SkillBody skill(Skill skill) {
      return new SkillBody(
          skill.skill(),
          skill.level(),
          skill.expiresOn() == null ? null : skill.expiresOn().toString());
    }

    private static ShiftBody shift(Shift shift) {
      List<DayOfWeek> days = shift.days();
      return new ShiftBody(
          days, shift.start().toString(), shift.end().toString(), shift.timeZone().getId());
    }
  }
}
