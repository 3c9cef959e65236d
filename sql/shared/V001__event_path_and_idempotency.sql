-- What every service keeps beside its own tables: the event path, ended sessions, answers given.

-- How many events each aggregate has had; its row lock makes sequence order commit order.
create table aggregate_sequence (
  aggregate_id uuid primary key,
  last_sequence bigint not null check (last_sequence > 0)
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
);
create index outbox_due on outbox (available_at) where sent_at is null;
create index outbox_waiting on outbox (aggregate_id, sequence) where sent_at is null;
create index outbox_sent on outbox (sent_at) where sent_at is not null;

create table processed (
  event_id uuid primary key,
  type text not null,
  processed_at timestamptz not null default clock_timestamp()
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
);
create index idempotency_key_age on idempotency_key (created_at);
