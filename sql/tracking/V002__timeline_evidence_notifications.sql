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
  user_sequence bigint not null
);

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
  previous_hash bytea not null check (length(previous_hash) = 32),
  hash bytea not null check (length(hash) = 32),
  constraint timeline_position unique (order_id, position)
);
create index timeline_order on timeline_entry (order_id, occurred_at, id);

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
  uploaded_at timestamptz not null
);
create index evidence_order on evidence (order_id, uploaded_at, id);

-- One row per event, person and channel: told once.
create table notification (
  id uuid primary key,
  event_id uuid not null,
  user_id uuid not null,
  channel text not null check (channel in ('EMAIL', 'SMS', 'PUSH')),
  template text not null,
  order_id uuid,
  parameters json not null,
  subject text,
  body text,
  status text not null check (status in ('PENDING', 'SENT', 'FAILED', 'SUPPRESSED')),
  detail text,
  attempts integer not null default 0,
  available_at timestamptz not null,
  claim uuid,
  created_at timestamptz not null,
  sent_at timestamptz,
  constraint notification_once unique (event_id, user_id, channel)
);
create index notification_due on notification (available_at) where status = 'PENDING';
create index notification_user on notification (user_id, created_at desc, id desc);
