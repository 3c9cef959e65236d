package com.telconova.tracking.evidence;

import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Handle;

/// The table `evidence_unclaimed`: the objects that may be in the store although no file refers to
/// them, because one is being uploaded or was just deleted.
final class UnclaimedObjects {
  /// Says that there may be such an object from now on.
  void insert(Handle handle, String key, Instant now) {
    handle
        .createUpdate("insert into evidence_unclaimed (object_key, since) values (:key, :now)")
        .bind("key", key)
        .bind("now", now)
        .execute();
  }

  /// Says that a file refers to the object from now on.
  ///
  /// @return false when the object is about to be removed, so that none must
  boolean claim(Handle handle, String key) {
    return handle
            .createUpdate("delete from evidence_unclaimed where object_key = :key and not doomed")
            .bind("key", key)
            .execute()
        == 1;
  }

  /// Says that the object is gone.
  void forget(Handle handle, String key) {
    handle
        .createUpdate("delete from evidence_unclaimed where object_key = :key")
        .bind("key", key)
        .execute();
  }

  /// Those that have been without a file since before `before`, oldest first; from now on nobody
  /// can claim them.
  List<String> doom(Handle handle, Instant before, int rows) {
    return handle
        .createQuery(
            """
            update evidence_unclaimed set doomed = true
            where object_key in (
              select object_key from evidence_unclaimed
              where since < :before
              order by since limit :rows for update skip locked)
            returning object_key
            """)
        .bind("before", before)
        .bind("rows", rows)
        .mapTo(String.class)
        .list();
  }
}
