package com.telconova.workorder.decision;

import static com.telconova.shared.token.Role.SUPERVISOR;

import com.fasterxml.jackson.annotation.JsonRawValue;
import com.telconova.shared.http.Page;
import com.telconova.shared.http.Query;
import com.telconova.shared.http.Requests;
import com.telconova.workorder.assignment.DecisionRepository.Kept;
import com.telconova.workorder.assignment.DecisionRepository.Kind;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.time.Instant;
import java.util.UUID;

/// Decisions over HTTP.
public final class DecisionRoutes {
  private final Decisions decisions;

  public DecisionRoutes(Decisions decisions) {
    this.decisions = decisions;
  }

  public void register(RoutesConfig routes) {
    routes.get("/orders/{id}/decisions", this::list, SUPERVISOR);
    routes.get("/decisions/{id}", this::get, SUPERVISOR);
  }

  private void list(Context ctx) {
    Query query = Query.of(ctx, "limit", "cursor");
    Page.Request page = query.page();
    query.check();
    ctx.json(decisions.list(Requests.principal(ctx), Requests.id(ctx, "id"), page));
  }

  private void get(Context ctx) {
    Kept kept = decisions.get(Requests.id(ctx, "id"));
    ctx.json(DecisionView.of(kept, Replay.answer(kept.kind(), kept.inputs()).orElse(null)));
  }

  /// A decision as callers see it.
  ///
  /// @param orderId,technicianId absent in a dispatch, which decides on many
  /// @param inputs,answer as they were kept, to the byte
  record DecisionView(
      UUID id,
      Kind kind,
      UUID orderId,
      UUID technicianId,
      Instant decidedAt,
      UUID decidedBy,
      int policyVersion,
      @JsonRawValue String inputs,
      @JsonRawValue String answer,
      ReplayView replay) {
    static DecisionView of(Kept kept, String again) {
      return new DecisionView(
          kept.id(),
          kept.kind(),
          kept.orderId(),
          kept.technicianId(),
          kept.decidedAt(),
          kept.decidedBy(),
          kept.policyVersion(),
          kept.inputs(),
          kept.answer(),
          new ReplayView(kept.answer().equals(again), again));
    }
  }

  /// The answer computed again from the inputs.
  ///
  /// @param same whether it is what was kept, byte for byte
  /// @param answer absent when the inputs cannot be read
  record ReplayView(boolean same, @JsonRawValue String answer) {}
}
