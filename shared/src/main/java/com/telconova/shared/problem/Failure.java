package com.telconova.shared.problem;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;

/// A request cannot go on, for a reason its sender should know. Anything else thrown is a bug
/// (500).
///
/// Carries no stack trace: it is an answer, not a fault of ours. Where a cause matters to operators
/// it is given and logged once.
public abstract sealed class Failure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private Failure(String detail, Throwable cause) {
    super(detail, cause, false, false);
  }

  /// Why a body could not be read to its end: it came too slowly (408), or it ended early (400).
  ///
  /// @param e what reading it threw
  public static Failure ofBody(IOException e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof TimeoutException) {
        return new TooSlow("The body came too slowly. Nothing was done; send it again.");
      }
    }
    return new BadRequest("The body ended early.");
  }

  /// 400: the request cannot be read at all, or a query parameter is wrong.
  public static final class BadRequest extends Failure {
    private static final long serialVersionUID = 1L;
    private final transient List<Fault> faults;

    public BadRequest(String detail) {
      this(detail, List.of());
    }

    public BadRequest(String detail, List<Fault> faults) {
      super(detail, null);
      this.faults = List.copyOf(faults);
    }

    public List<Fault> faults() {
      return faults;
    }
  }

  /// 422: the body can be read and breaks rules; names all of them.
  public static final class Invalid extends Failure {
    private static final long serialVersionUID = 1L;
    private final transient List<Fault> faults;

    public Invalid(List<Fault> faults) {
      super("The request body breaks " + faults.size() + " rule(s); see errors.", null);
      this.faults = List.copyOf(faults);
    }

    public static Invalid at(String pointer, String detail) {
      return new Invalid(List.of(new Fault(pointer, detail)));
    }

    public List<Fault> faults() {
      return faults;
    }
  }

  /// 401: no token, or one that does not count.
  public static final class Unauthenticated extends Failure {
    private static final long serialVersionUID = 1L;
    private final String type;
    private final transient Map<String, Object> extensions;

    public Unauthenticated(String detail) {
      this(null, detail, Map.of());
    }

    /// What is missing can be sent by whoever knows what it is.
    ///
    /// @param type the end of the problem's type, such as `totp-required`; null for the usual one
    /// @param extensions become members of the problem
    public Unauthenticated(String type, String detail, Map<String, Object> extensions) {
      super(detail, null);
      this.type = type;
      this.extensions = Map.copyOf(extensions);
    }

    public String type() {
      return type;
    }

    public Map<String, Object> extensions() {
      return extensions;
    }
  }

  /// 403: the caller may know of it and may not do it.
  public static final class Forbidden extends Failure {
    private static final long serialVersionUID = 1L;

    public Forbidden(String detail) {
      super(detail, null);
    }
  }

  /// 404: it does not exist, or the caller may not know whether it does.
  public static final class NotFound extends Failure {
    private static final long serialVersionUID = 1L;

    public NotFound(String detail) {
      super(detail, null);
    }
  }

  /// 409: it clashes with what is. `extensions` become members of the problem, such as
  /// `allowedTransitions`.
  public static final class Conflict extends Failure {
    private static final long serialVersionUID = 1L;
    private final transient Map<String, Object> extensions;

    public Conflict(String detail) {
      this(detail, Map.of());
    }

    public Conflict(String detail, Map<String, Object> extensions) {
      super(detail, null);
      this.extensions = Map.copyOf(extensions);
    }

    public Map<String, Object> extensions() {
      return extensions;
    }
  }

  /// 408: the rest of the request did not come in time, which is short while the service stops.
  public static final class TooSlow extends Failure {
    private static final long serialVersionUID = 1L;

    private TooSlow(String detail) {
      super(detail, null);
    }
  }

  /// 412: `If-Match` names another version than the current one.
  public static final class PreconditionFailed extends Failure {
    private static final long serialVersionUID = 1L;

    public PreconditionFailed(String detail) {
      super(detail, null);
    }
  }

  /// 428: this change overwrites what others may have written, so it takes an `If-Match`.
  public static final class PreconditionRequired extends Failure {
    private static final long serialVersionUID = 1L;

    public PreconditionRequired(String detail) {
      super(detail, null);
    }
  }

  /// 413: larger than the limit that `detail` names.
  public static final class TooLarge extends Failure {
    private static final long serialVersionUID = 1L;

    public TooLarge(String detail) {
      super(detail, null);
    }
  }

  /// 415: a content type this operation does not take.
  public static final class UnsupportedMediaType extends Failure {
    private static final long serialVersionUID = 1L;

    public UnsupportedMediaType(String detail) {
      super(detail, null);
    }
  }

  /// 429: this caller has tried too often; a retry after `retryAfter` is looked at again.
  public static final class TooManyRequests extends Failure {
    private static final long serialVersionUID = 1L;
    private final Duration retryAfter;

    public TooManyRequests(String detail, Duration retryAfter) {
      super(detail, null);
      this.retryAfter = retryAfter;
    }

    public Duration retryAfter() {
      return retryAfter;
    }
  }

  /// 507: there is no space left for what was sent (RFC 4918 §11.5); an operator has to act.
  public static final class InsufficientStorage extends Failure {
    private static final long serialVersionUID = 1L;

    public InsufficientStorage(String detail, Throwable cause) {
      super(detail, cause);
    }
  }

  /// 503: not now; a retry after `retryAfter` may succeed.
  public static final class Unavailable extends Failure {
    private static final long serialVersionUID = 1L;
    private final Duration retryAfter;

    public Unavailable(String detail, Duration retryAfter) {
      this(detail, retryAfter, null);
    }

    public Unavailable(String detail, Duration retryAfter, Throwable cause) {
      super(detail, cause);
      this.retryAfter = retryAfter;
    }

    public Duration retryAfter() {
      return retryAfter;
    }
  }
}
