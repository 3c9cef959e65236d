package com.telconova.shared.http;

import com.telconova.shared.json.Mappers;
import com.telconova.shared.problem.Problem;
import com.telconova.shared.problem.ProblemMapper;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.VirtualThreads;

/// Refuses at once, while the database is full, what would be refused further in, and gives each
/// other request a virtual thread.
///
/// Virtual threads take turns in the order in which they come. Were refused requests among them, a
/// flood of these would stand in front of those that are at work, each time one of them goes on
/// from a wait, holding its connection: 129 clients that asked again at once left 14 answers a
/// second of 400. So a refusal is written by the thread that read the request, before any token is
/// verified.
///
/// Only what carries a token and no body is refused here: without a token little is asked of the
/// database, and a body must be read first, which may take a while. The pool's gate stands behind
/// this all the same.
final class Door extends Handler.Wrapper {
  private final Supplier<Optional<Executor>> admission;
  private final RequestScope scope;
  private Executor virtualThreads;

  /// @param admission asked for each request; gives what to run it with, or nothing: it is refused
  Door(Supplier<Optional<Executor>> admission, RequestScope scope) {
    this.admission = admission;
    this.scope = scope;
  }

  /// By this Jetty calls [#handle] on the thread that read the request.
  @Override
  public InvocationType getInvocationType() {
    return InvocationType.NON_BLOCKING;
  }

  @Override
  protected void doStart() throws Exception {
    virtualThreads = VirtualThreads.getVirtualThreadsExecutor(getServer().getThreadPool());
    super.doStart();
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    Optional<Executor> admitted =
        isRefusable(request) ? admission.get() : Optional.of(Runnable::run);
    admitted.ifPresentOrElse(
        entry ->
            virtualThreads.execute(() -> entry.execute(() -> enter(request, response, callback))),
        () -> refuse(request, response, callback));
    return true;
  }

  private void enter(Request request, Response response, Callback callback) {
    try {
      if (!super.handle(request, response, callback)) {
        Response.writeError(request, response, callback, 404);
      }
    } catch (Throwable e) { // as Jetty does it: whatever it was, the request must come to an end
      Response.writeError(request, response, callback, e);
    }
  }

  private static boolean isRefusable(Request request) {
    HttpFields headers = request.getHeaders();
    return headers.contains(HttpHeader.AUTHORIZATION)
        && request.getLength() <= 0
        && !headers.contains(HttpHeader.TRANSFER_ENCODING);
  }

  private void refuse(Request request, Response response, Callback callback) {
    try {
      String id = RequestScope.id(request.getHeaders().get(RequestScope.REQUEST_ID));
      Problem problem =
          ProblemMapper.ofStatus(503, "Too much work at the moment; try again shortly.")
              .at(request.getHttpURI().getPath(), id);
      response.setStatus(problem.status());
      response
          .getHeaders()
          .put(RequestScope.REQUEST_ID, id)
          .put(HttpHeader.RETRY_AFTER, "1")
          .put(HttpHeader.CONTENT_TYPE, Problem.CONTENT_TYPE);
      scope.refused(request, id);
      response.write(true, ByteBuffer.wrap(Mappers.TOLERANT.writeValueAsBytes(problem)), callback);
    } catch (Exception e) {
      callback.failed(e);
    }
  }
}
