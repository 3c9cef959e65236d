package com.telconova.workorder.report;

import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.SequenceWriter;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import com.telconova.shared.database.Database;
import com.telconova.shared.problem.Failure;
import com.telconova.workorder.order.Order;
import com.telconova.workorder.order.OrderFilter;
import com.telconova.workorder.order.OrderSearch;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.Semaphore;

/// Writes any number of orders as CSV (RFC 4180) in constant memory: rows go from a cursor of the
/// database to the caller, and wait where the caller is slow.
///
/// An export keeps a connection for as long as it takes, so there are two at a time. The database's
/// timeout of a statement counts for each fetch; a caller who takes nothing for half a minute is
/// cut off by its timeout of idle transactions.
public final class Exports {
  private static final int AT_ONCE = 2;
  private static final CsvMapper CSV =
      CsvMapper.builder()
          .addModule(new JavaTimeModule())
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .disable(SerializationFeature.CLOSE_CLOSEABLE)
          .build();
  private static final ObjectWriter ROWS =
      CSV.writerFor(CsvRow.class)
          .with(CSV.schemaFor(CsvRow.class).withHeader().withLineSeparator("\r\n"));

  private final Database database;
  private final OrderSearch search;
  private final Semaphore places = new Semaphore(AT_ONCE);

  public Exports(Database database, OrderSearch search) {
    this.database = database;
    this.search = search;
  }

  /// Writes the orders that the filter lets through, newest first, as they were at one moment.
  ///
  /// @throws Failure.Unavailable when two others are at it
  void write(OrderFilter filter, OutputStream out) {
    if (!places.tryAcquire()) {
      throw new Failure.Unavailable(
          "Two exports are under way; try again when one is done.", Duration.ofSeconds(10));
    }
    try {
      database.useTransaction(handle -> {
        try (SequenceWriter rows = ROWS.writeValues(out)) {
          search.forEach(handle, filter, order -> write(rows, order, filter));
        }
      });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      places.release();
    }
  }

  private static void write(SequenceWriter rows, Order order, OrderFilter filter) {
    try {
      rows.write(CsvRow.of(order, filter.now()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
