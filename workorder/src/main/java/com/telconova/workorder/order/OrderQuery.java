package com.telconova.workorder.order;

import com.telconova.shared.http.Query;
import com.telconova.workorder.sla.Priority;
import io.javalin.http.Context;
import java.time.Instant;
import java.util.stream.Stream;

/// The filters of orders as query parameters.
public final class OrderQuery {
  private static final String[] FILTERS = {
    "status",
    "priority",
    "category",
    "zone",
    "technicianId",
    "customerId",
    "createdFrom",
    "createdTo",
    "dueBefore",
    "breached",
    "q"
  };

  private OrderQuery() {}

  /// The parameters of a request that takes filters.
  ///
  /// @param more what else it takes
  public static Query of(Context ctx, String... more) {
    return Query.of(ctx, Stream.of(FILTERS, more).flatMap(Stream::of).toArray(String[]::new));
  }

  /// Reads the filters; what is wrong with them is said by [Query#check].
  public static OrderFilter filter(Query query, Instant now) {
    return new OrderFilter(
        query.oneOf("status", OrderStatus.class),
        query.oneOf("priority", Priority.class),
        query.oneOf("category", WorkRequest.Category.class),
        query.text("zone", 60),
        query.uuid("technicianId"),
        query.uuid("customerId"),
        query.time("createdFrom"),
        query.time("createdTo"),
        query.time("dueBefore"),
        query.flag("breached"),
        now,
        query.value("q", "a text of 3 to 100 characters", OrderQuery::searchText));
  }

  /// Shorter texts would find nearly everything, and no index helps to find them.
  private static String searchText(String text) {
    int length = text.strip().length();
    if (length < 3 || text.length() > 100 || text.indexOf(0) >= 0) {
      throw new IllegalArgumentException();
    }
    return text.strip();
  }
}
