package com.telconova.tracking.evidence;

import com.telconova.shared.http.Page;
import com.telconova.shared.http.Query;
import com.telconova.shared.http.Requests;
import com.telconova.shared.idempotency.Idempotency;
import com.telconova.shared.token.Principal;
import com.telconova.shared.token.Role;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/// Evidence by HTTP.
public final class EvidenceRoutes {
  private final Idempotency idempotency;
  private final EvidenceFiles files;
  private final Downloads downloads;

  public EvidenceRoutes(Idempotency idempotency, EvidenceFiles files) {
    this.idempotency = idempotency;
    this.files = files;
    this.downloads = new Downloads(files);
  }

  public void register(RoutesConfig routes) {
    String path = "/tracking/{orderId}/evidence";
    routes.post(
        path, idempotency.once(this::upload, this::fingerprint), Role.TECHNICIAN, Role.SUPERVISOR);
    routes.get(path, this::list, Role.CLIENT, Role.TECHNICIAN, Role.SUPERVISOR);
    routes.get("/evidence/{id}", this::download, Role.CLIENT, Role.TECHNICIAN, Role.SUPERVISOR);
    routes.delete("/evidence/{id}", this::delete, Role.TECHNICIAN, Role.SUPERVISOR);
  }

  private void upload(Context ctx) {
    UUID orderId = Requests.id(ctx, "orderId");
    try (UploadRequest request = UploadRequest.of(ctx)) {
      Evidence evidence = files.upload(orderId, Requests.principal(ctx), request);
      Idempotency.note(ctx, fingerprint(evidence.kind(), evidence.sha256()));
      ctx.status(201).json(evidence);
    }
  }

  /// Boundaries differ from one sending to the next: the file and its kind tell a form from others.
  private byte[] fingerprint(Context ctx) {
    try (UploadRequest request = UploadRequest.of(ctx)) {
      return files.read(request, EvidenceRoutes::fingerprint);
    }
  }

  private static byte[] fingerprint(Evidence.Kind kind, String sha256) {
    return (kind + " " + sha256).getBytes(StandardCharsets.UTF_8);
  }

  private void list(Context ctx) {
    Query query = Query.of(ctx, "limit", "cursor");
    Page.Request page = query.page();
    query.check();
    ctx.json(files.list(Requests.id(ctx, "orderId"), Requests.principal(ctx), page));
  }

  private void download(Context ctx) {
    Principal caller = Requests.principal(ctx);
    Evidence evidence = files.get(Requests.id(ctx, "id"), caller);
    downloads.answer(ctx, evidence, !caller.supervises());
  }

  private void delete(Context ctx) {
    files.delete(Requests.id(ctx, "id"), Requests.principal(ctx));
    ctx.status(204);
  }
}
