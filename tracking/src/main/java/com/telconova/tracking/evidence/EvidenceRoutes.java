package com.telconova.tracking.evidence;

import com.telconova.shared.http.Page;
import com.telconova.shared.http.Query;
import com.telconova.shared.http.Requests;
import com.telconova.shared.token.Role;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.UUID;

/// Evidence by HTTP.
public final class EvidenceRoutes {
  private final EvidenceFiles files;
  private final Downloads downloads;

  public EvidenceRoutes(EvidenceFiles files) {
    this.files = files;
    this.downloads = new Downloads(files);
  }

  public void register(RoutesConfig routes) {
    String path = "/tracking/{orderId}/evidence";
    routes.post(path, this::upload, Role.TECHNICIAN, Role.SUPERVISOR);
    routes.get(path, this::list, Role.CLIENT, Role.TECHNICIAN, Role.SUPERVISOR);
    routes.get("/evidence/{id}", this::download, Role.CLIENT, Role.TECHNICIAN, Role.SUPERVISOR);
    routes.delete("/evidence/{id}", this::delete, Role.TECHNICIAN, Role.SUPERVISOR);
  }

  private void upload(Context ctx) {
    UUID orderId = Requests.id(ctx, "orderId");
    try (UploadRequest request = UploadRequest.of(ctx)) {
      ctx.status(201).json(files.upload(orderId, Requests.principal(ctx), request));
    }
  }

  private void list(Context ctx) {
    Query query = Query.of(ctx, "limit", "cursor");
    Page.Request page = query.page();
    query.check();
    ctx.json(files.list(Requests.id(ctx, "orderId"), Requests.principal(ctx), page));
  }

  private void download(Context ctx) {
    Query.of(ctx).check();
    Evidence evidence = files.get(Requests.id(ctx, "id"), Requests.principal(ctx));
    downloads.answer(ctx, evidence);
  }

  private void delete(Context ctx) {
    files.delete(Requests.id(ctx, "id"), Requests.principal(ctx));
    ctx.status(204);
  }
}
