-- What every service keeps beside its own tables: the event path, ended sessions, answers given.

-- How many events each aggregate has had; its row lock makes sequence order commit order.
--
-- It grows by a row of some 100 bytes, index included, for every order, user and session, for ever,
-- and that is meant: readers skip whatever has a lower sequence than they have seen, so a counter
-- that began again would silence its aggregate, and nothing here knows when an aggregate has had its
-- last event. It stands beside the aggregate's own rows, which stay too and are many times as large.
create table aggregate_sequence (
  aggregate_id uuid primary key,
  last_sequence bigint not null check (last_sequence > 0)
) with (
  -- An update changes no index and stays on its page if there is room: a third of them at 70, none
  -- at 100 (six events an order, 2,000 orders begun at a time).
  fillfactor = 70
);

create table outbox (
  id uuid primary key,
  aggregate_id uuid not null,
  sequence bigint not null,
  type text not null,
  occurred_at timestamptz not null,
  traceparent text,
  data json not null,
  available_at timestamptz not null default now(),
  claim uuid,
  attempts integer not null default 0,
  sent_at timestamptz,
  constraint outbox_order unique (aggregate_id, sequence)
) with (
  -- Each event leaves three dead rows: claimed, marked, deleted. At 300 events a second an hour of
  -- them is a million rows; the usual fifth of that would be dead before a vacuum. Five per cent and
  -- 5,000 is one a minute, which may take what it needs (no delay): claims wait for it.
  autovacuum_vacuum_scale_factor = 0.05,
  autovacuum_vacuum_threshold = 5000,
  autovacuum_vacuum_cost_delay = 0,
  -- What waits changes between nothing and thousands: the planner should hear of it.
  autovacuum_analyze_scale_factor = 0.05,
  -- The space is needed again in a moment, and giving it back locks everybody out.
  vacuum_truncate = off
  -- No fillfactor: both updates change an indexed column, so none can stay on its page's indexes.
);
-- The second condition is always true. It keeps this index from serving any query but the one that
-- asks for available_at: believing that next to nothing waits, the planner took it to look for an
-- aggregate's earlier events, and read all of it, dead entries included, for each of a hundred.
create index outbox_due on outbox (available_at)
  where sent_at is null and available_at is not null;
create index outbox_waiting on outbox (aggregate_id, sequence) where sent_at is null;
create index outbox_sent on outbox (sent_at) where sent_at is not null;

create table processed (
  event_id uuid primary key,
  type text not null,
  processed_at timestamptz not null default clock_timestamp()
) with (
  -- 40 days of rows, which enter at one end of heap and indexes and leave at the other. A vacuum
  -- reads both indexes whole: not for every few thousand rows, but for every fiftieth of them.
  autovacuum_vacuum_scale_factor = 0.02,
  autovacuum_vacuum_threshold = 10000,
  autovacuum_vacuum_insert_scale_factor = 0.02,
  autovacuum_vacuum_insert_threshold = 100000,
  vacuum_truncate = off
);
create index processed_age on processed (processed_at);

create table revoked_session (
  session_id uuid primary key,
  expires_at timestamptz not null
);

-- The first answer to a request that carried an Idempotency-Key, kept for its retries.
create table idempotency_key (
  -- SHA-256 of the caller, the method, the path and the key
  id bytea primary key check (length(id) = 32),
  -- HMAC-SHA256 of the query and the body under the key, which is kept nowhere: a password in a body
  -- cannot be guessed from it
  request_hash bytea not null check (length(request_hash) = 32),
  status integer not null check (status between 200 and 299),
  location text,
  etag text,
  body bytea not null,
  created_at timestamptz not null default now()
) with (
  -- A day of rows, never changed: the twentieth that is dead is at most an hour's.
  autovacuum_vacuum_scale_factor = 0.05,
  autovacuum_vacuum_threshold = 5000,
  vacuum_truncate = off
);
create index idempotency_key_age on idempotency_key (created_at);
