package com.telconova.tracking.update;

import com.telconova.shared.http.Requests;
import com.telconova.shared.idempotency.Idempotency;
import com.telconova.shared.json.Body;
import com.telconova.shared.json.Json;
import com.telconova.shared.problem.Faults;
import com.telconova.shared.token.Role;
import com.telconova.tracking.timeline.Entry;
import com.telconova.tracking.timeline.EntryJson;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.UUID;
import java.util.regex.Pattern;

/// Reports by HTTP.
public final class UpdateRoutes {
  private final Idempotency idempotency;
  private final Updates updates;

  public UpdateRoutes(Idempotency idempotency, Updates updates) {
    this.idempotency = idempotency;
    this.updates = updates;
  }

  public void register(RoutesConfig routes) {
    routes.post(
        "/tracking/{orderId}/update",
        idempotency.once(this::report),
        Role.TECHNICIAN,
        Role.SUPERVISOR);
    routes.patch(
        "/tracking/{orderId}/updates/{id}", this::correct, Role.TECHNICIAN, Role.SUPERVISOR);
  }

  private void report(Context ctx) {
    UUID orderId = Requests.id(ctx, "orderId");
    Update update = Json.read(ctx, UpdateBody.class).toUpdate();
    Entry entry = updates.report(orderId, Requests.principal(ctx), update);
    ctx.status(201).json(EntryJson.of(entry));
  }

  private void correct(Context ctx) {
    UUID orderId = Requests.id(ctx, "orderId");
    UUID id = Requests.id(ctx, "id");
    Correction.Wish wish = Json.read(ctx, CorrectionBody.class).toWish();
    ctx.json(EntryJson.of(updates.correct(orderId, id, Requests.principal(ctx), wish)));
  }

  /// @param minutes what was really worked
  record CorrectionBody(Integer minutes, String justification) implements Body {
    @Override
    public void check(Faults faults) {
      faults.present("/minutes", minutes);
      faults.range("/minutes", minutes, 0, 1440);
      faults.text("/justification", justification, 10, 500);
    }

    Correction.Wish toWish() {
      return new Correction.Wish(minutes, justification.strip());
    }
  }

  record UpdateBody(
      Update.Kind kind,
      String comment,
      Integer percent,
      Integer minutes,
      Double latitude,
      Double longitude,
      ResolutionBody resolution)
      implements Body {
    @Override
    public void check(Faults faults) {
      faults.present("/kind", kind);
      faults.optionalText("/comment", comment, 3, 2000);
      faults.require(
          kind == null || !kind.needsComment() || comment != null,
          "/comment",
          "is required for " + kind);
      faults.range("/percent", percent, 0, 100);
      faults.range("/minutes", minutes, 0, 1440);
      faults.range("/latitude", latitude, -90, 90);
      faults.range("/longitude", longitude, -180, 180);
      faults.require(
          latitude == null || longitude != null, "/longitude", "is required with a latitude");
      faults.require(
          longitude == null || latitude != null, "/latitude", "is required with a longitude");
      checkResolution(faults);
    }

    private void checkResolution(Faults faults) {
      boolean completed = kind == Update.Kind.WORK_COMPLETED;
      faults.require(
          !completed || resolution != null, "/resolution", "is required for WORK_COMPLETED");
      faults.require(
          kind == null || completed || resolution == null,
          "/resolution",
          "belongs to WORK_COMPLETED only");
      if (resolution != null) {
        resolution.check(faults);
      }
    }

    Update toUpdate() {
      return new Update(
          kind,
          stripped(comment),
          percent,
          minutes,
          latitude == null ? null : new Update.Position(latitude, longitude),
          resolution == null ? null : resolution.toResolution());
    }
  }

  record ResolutionBody(String code, Update.Outcome outcome, String comment) {
    private static final Pattern CODE = Pattern.compile("[A-Z_]{2,40}");

    void check(Faults faults) {
      faults.present("/resolution/code", code);
      faults.matches(
          "/resolution/code", code, CODE, "takes 2 to 40 capital letters and underscores");
      faults.present("/resolution/outcome", outcome);
      faults.optionalText("/resolution/comment", comment, 1, 2000);
    }

    Update.Resolution toResolution() {
      return new Update.Resolution(code, outcome, stripped(comment));
    }
  }

  private static String stripped(String text) {
    return text == null ? null : text.strip();
  }
}
