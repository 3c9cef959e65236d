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
