-- Participants, timeline, evidence, notifications.

-- Who takes part in an order: a projection of workorder's orders.
create table participant_order (
  order_id uuid primary key,
  code text not null,
  title text not null,
  customer_id uuid not null,
  technician_id uuid,
  status text not null
    check (status in ('CREATED', 'ASSIGNED', 'IN_PROGRESS', 'ON_HOLD', 'COMPLETED', 'CANCELLED')),
  -- null until somebody says
  priority text check (priority in ('P1', 'P2', 'P3', 'P4')),
  -- the order's version of the newest event that said so: not every event does
  priority_version bigint,
  -- the order's version of the newest event applied; older ones are skipped
  order_version bigint not null
);

-- Whom to tell and how to reach them: a projection of auth's users.
create table recipient (
  user_id uuid primary key,
  email text not null,
  name text not null,
  phone text,
  role text not null,
  locale text not null check (locale in ('es', 'en')),
  time_zone text not null,
  active boolean not null,
  -- what they want to be told, and when; null: as we think best
  preferences json,
  user_sequence bigint not null,
  -- what the links in their mails know them by
  unsubscribe_token uuid not null unique default gen_random_uuid()
);

-- What people want no mail of any more, as they said by the link in one; '*' for everything. Gone
-- when they choose anew in their profile.
create table unsubscription (
  user_id uuid not null references recipient (user_id),
  event text not null,
  since timestamptz not null,
  primary key (user_id, event)
);
create index recipient_role on recipient (role, user_id) where active;

-- The newest link of each order's chain; its row lock makes the chain's order that of appending.
create table timeline_head (
  order_id uuid primary key,
  length bigint not null,
  hash bytea not null
);

-- What happened to an order, whoever says so. Appended, never changed; each entry carries the
-- SHA-256 of its predecessor in the same order.
create table timeline_entry (
  id uuid primary key,
  order_id uuid not null,
  position bigint not null,
  type text not null,
  occurred_at timestamptz not null,
  recorded_at timestamptz not null,
  actor_id uuid,
  actor_role text,
  data json not null,
  -- the length of data, so that streams can take no more than they have room for without reading it
  data_bytes integer not null,
  previous_hash bytea not null check (length(previous_hash) = 32),
  hash bytea not null check (length(hash) = 32),
  -- The order of commit, which all-orders streams resume by. Rows of transactions below the oldest
  -- running one are complete; sequence numbers alone would show a gap that fills later. Neither of
  -- the two, nor recorded_at, is part of what the chain proves. Transaction ids are the cluster's:
  -- after a restore by pg_dump into another, `update timeline_entry set transaction_id = default`.
  transaction_id xid8 not null default pg_current_xact_id(),
  serial bigint not null generated always as identity,
  constraint timeline_position unique (order_id, position),
  constraint timeline_actor check ((actor_id is null) = (actor_role is null))
);
create index timeline_order on timeline_entry (order_id, occurred_at, id);
create index timeline_commit on timeline_entry (transaction_id, serial);

create table evidence (
  id uuid primary key,
  order_id uuid not null,
  kind text not null check (kind in ('BEFORE', 'AFTER', 'DOCUMENT', 'SIGNATURE')),
  file_name text not null,
  content_type text not null,
  size_bytes bigint not null check (size_bytes between 1 and 9437184),
  sha256 bytea not null check (length(sha256) = 32),
  object_key text not null unique,
  uploaded_by uuid not null,
  uploaded_at timestamptz not null,
  -- which bytes of a picture tell where it was taken, and are for those who supervise only
  redaction json
);
create index evidence_order on evidence (order_id, uploaded_at, id);

-- Objects that may be in the store although no file refers to them: noted before an upload begins,
-- and when a file is deleted. What stays here for an hour is swept.
create table evidence_unclaimed (
  object_key text primary key,
  since timestamptz not null,
  -- about to be removed: no file can refer to it any more
  doomed boolean not null default false
);
create index evidence_unclaimed_since on evidence_unclaimed (since);

-- One row per event, person and channel: told once.
create table notification (
  id uuid primary key,
  event_id uuid not null,
  user_id uuid not null,
  channel text not null check (channel in ('EMAIL', 'SMS', 'PUSH')),
  -- the channel that failed, in whose place this one is tried; null unless it is
  fallback_for text check (fallback_for in ('EMAIL', 'SMS', 'PUSH')),
  template text not null,
  order_id uuid,
  -- of a message with a secret: empty once it is settled, and its body is never kept
  parameters json not null,
  secret boolean not null,
  -- quiet hours do not count
  critical boolean not null,
  subject text,
  body text,
  status text not null check (status in ('PENDING', 'SENT', 'FAILED', 'SUPPRESSED')),
  detail text,
  attempts integer not null default 0,
  available_at timestamptz not null,
  claim uuid,
  created_at timestamptz not null,
  -- from when on it may be sent: later than it was created when quiet hours held it back
  due_at timestamptz not null,
  sent_at timestamptz,
  read_at timestamptz,
  -- W3C Trace Context of what it was queued for: its sending goes on in that trace
  traceparent text,
  constraint notification_secret check (not secret or body is null),
  constraint notification_once unique (event_id, user_id, channel)
);
create index notification_due on notification (available_at) where status = 'PENDING';
create index notification_user on notification (user_id, created_at desc, id desc);
