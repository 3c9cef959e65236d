-- Orders, their history, the technicians who do them.

-- What workorder knows of a technician: a projection of auth's users.
create table technician (
  id uuid primary key,
  name text not null,
  active boolean not null,
  -- the sequence of the newest user event applied; older ones are skipped
  user_sequence bigint not null,
  -- The profile, by these defaults until somebody sets it.
  profile_set boolean not null default false,
  -- null: any
  zone text check (length(zone) between 1 and 60),
  capacity_minutes integer not null default 480 check (capacity_minutes between 0 and 1440),
  -- null: always on; days as ISO numbers, Monday is 1; an end before the start is on the next day
  shift_days integer[] check (shift_days <@ '{1,2,3,4,5,6,7}' and cardinality(shift_days) > 0),
  shift_start time,
  shift_end time,
  shift_zone text,
  available boolean not null default true,
  latitude double precision check (latitude between -90 and 90),
  longitude double precision check (longitude between -180 and 180),
  -- grows with each order they are given: a choice made on an older one is made again
  load_version bigint not null default 0,
  last_assigned_at timestamptz,
  constraint technician_shift
    check (num_nulls(shift_days, shift_start, shift_end, shift_zone) in (0, 4)),
  constraint technician_position check ((latitude is null) = (longitude is null))
);

create table technician_skill (
  technician_id uuid not null references technician (id),
  skill text not null check (length(skill) between 1 and 60),
  level integer not null check (level between 1 and 5),
  -- the last day on which it counts; null: for ever
  expires_on date,
  primary key (technician_id, skill)
);

-- How often a technician solved the problem on the first visit, by category of work.
create table technician_record (
  technician_id uuid not null,
  category text not null,
  completed integer not null check (completed > 0),
  fixed integer not null check (fixed between 0 and completed),
  primary key (technician_id, category)
);

create sequence order_code;

-- Text as people search it: no capitals, no accents of Spanish.
create function folded(text) returns text immutable strict parallel safe
  return translate(lower($1), 'áéíóúüñ', 'aeiouun');

-- Parts of words, codes and addresses are found through their trigrams.
create extension if not exists pg_trgm;

create table work_order (
  id uuid primary key,
  code text not null unique,
  customer_id uuid not null,
  title text not null check (length(title) between 3 and 200),
  description text not null check (length(description) between 1 and 4000),
  category text not null
    check (category in ('INSTALLATION', 'REPAIR', 'MAINTENANCE', 'UPGRADE', 'DISCONNECTION')),
  priority text not null check (priority in ('P1', 'P2', 'P3', 'P4')),
  zone text not null check (length(zone) between 1 and 60),
  address text not null check (length(address) between 3 and 300),
  latitude double precision check (latitude between -90 and 90),
  longitude double precision check (longitude between -180 and 180),
  required_skills json not null,
  estimated_minutes integer not null check (estimated_minutes between 5 and 1440),
  window_start timestamptz,
  window_end timestamptz,
  status text not null
    check (status in ('CREATED', 'ASSIGNED', 'IN_PROGRESS', 'ON_HOLD', 'COMPLETED', 'CANCELLED')),
  technician_id uuid,
  -- who declined or lost this order and does not get it again without an override
  excluded_technicians uuid[] not null default '{}',
  hold_reason text check (hold_reason in ('CUSTOMER', 'ACCESS', 'FORCE_MAJEURE', 'PARTS', 'OTHER')),
  resolution_code text check (resolution_code ~ '^[A-Z_]{2,40}$'),
  resolution_outcome text check (resolution_outcome in ('RESOLVED', 'PARTIAL', 'UNABLE')),
  resolution_comment text,
  -- RESOLVED without having had to wait for parts
  first_time_fix boolean,
  cancel_reason text,
  evidence_count integer not null default 0 check (evidence_count >= 0),
  -- the sequence of the newest report of tracking that was applied; older ones are skipped
  tracking_sequence bigint not null default 0,
  version bigint not null check (version > 0),
  created_by uuid not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  -- when it was given to somebody, and when work on it began, for the first time
  assigned_at timestamptz,
  arrived_at timestamptz,
  -- how long it rested, whyever
  held_seconds bigint not null default 0 check (held_seconds >= 0),
  ended_at timestamptz,
  -- What SlaPolicy makes of the history. A time is null while its clock stands still.
  assign_by timestamptz,
  arrive_by timestamptz,
  resolve_by timestamptz,
  -- of the targets still open, the first that is three quarters over, and the first that is over
  sla_warn_at timestamptz,
  sla_due_at timestamptz,
  -- when the first target was missed or, as things are, will be
  sla_breach_at timestamptz,
  -- when the watch must look at this order again
  sla_next_at timestamptz,
  -- What q looks at. Stored: to fold it again for each order looked at took twenty times as long.
  search text not null generated always as
    (folded(code || ' ' || title || ' ' || address || ' ' || description)) stored,
  constraint work_order_position check ((latitude is null) = (longitude is null)),
  constraint work_order_window check (window_end > window_start),
  constraint work_order_technician check (
    (status in ('ASSIGNED', 'IN_PROGRESS', 'ON_HOLD', 'COMPLETED')) = (technician_id is not null)
    or status = 'CANCELLED'),
  constraint work_order_hold check ((status = 'ON_HOLD') = (hold_reason is not null)),
  constraint work_order_resolution check ((status = 'COMPLETED') = (resolution_code is not null)),
  constraint work_order_cancel check ((status = 'CANCELLED') = (cancel_reason is not null)),
  constraint work_order_end check ((status in ('COMPLETED', 'CANCELLED')) = (ended_at is not null))
);
-- Lists are newest first. One column and that order serve a filter by it, however rare what it
-- asks for is and however old; of several filters PostgreSQL takes the one that finds the fewest.
-- Without any filter, by createdFrom and createdTo, exports, figures of a period:
create index work_order_newest on work_order (created_at desc, id desc);
-- What waits to be dispatched, the most urgent first:
create index work_order_waiting on work_order (priority, arrive_by, id) where status = 'CREATED';
-- status:
create index work_order_status on work_order (status, created_at desc, id desc);
-- customerId, what clients see, and who worked for a customer before:
create index work_order_customer on work_order (customer_id, created_at desc, id desc);
-- technicianId, and what technicians see:
create index work_order_technician_list on work_order (technician_id, created_at desc, id desc);
create index work_order_zone on work_order (zone, created_at desc, id desc);
-- Further columns at the end of an index are compared in it: whoever asks for what hardly any order
-- has does not fetch thousands.
create index work_order_category on work_order (category, created_at desc, id desc, priority);
create index work_order_priority on work_order (priority, created_at desc, id desc);
-- breached: those that missed a promise or, as things are, will. With the time in it, only orders
-- that are shown are fetched.
create index work_order_breached on work_order (created_at desc, id desc, sla_breach_at)
  where sla_breach_at is not null;
-- dueBefore (only what has not ended has a promise open), and the backlog:
create index work_order_unended
  on work_order (created_at desc, id desc, sla_due_at, zone, status, category, priority)
  where ended_at is null;
-- q, unless it is among the newest:
create index work_order_text on work_order using gin (search gin_trgm_ops);
-- What the SLA watch looks at next.
create index work_order_sla_next on work_order (sla_next_at) where sla_next_at is not null;

-- What a technician has to do, and has done lately.
create index work_order_open on work_order (technician_id)
  where status in ('ASSIGNED', 'IN_PROGRESS', 'ON_HOLD');
create index work_order_done on work_order (technician_id, ended_at)
  where status = 'COMPLETED';

-- Nobody works on two orders at once.
create unique index work_order_in_progress on work_order (technician_id)
  where status = 'IN_PROGRESS';

-- Why an order was given to whom: what was known, and what followed from it, byte for byte.
create table assignment_decision (
  id uuid primary key,
  kind text not null check (kind in ('ENGINE', 'SUPERVISOR', 'DISPATCH')),
  -- null in a dispatch, which decides on many orders
  order_id uuid,
  technician_id uuid,
  decided_at timestamptz not null,
  decided_by uuid not null,
  policy_version integer not null,
  inputs json not null,
  answer json not null,
  constraint assignment_decision_of
    check ((kind = 'DISPATCH') = (order_id is null) and num_nulls(order_id, technician_id) in (0, 2))
);
create index assignment_decision_order on assignment_decision (order_id, decided_at);

-- Every change of an order: who, when, from, to, why. Appended, never changed. With it the SLA can
-- be computed for any past moment.
create table order_history (
  order_id uuid not null references work_order (id),
  version bigint not null,
  occurred_at timestamptz not null,
  actor_id uuid not null,
  actor_role text not null,
  from_status text,
  to_status text not null,
  -- what held from this change on
  priority text not null,
  technician_id uuid,
  hold_reason text,
  reason text,
  -- which fields somebody edited
  changed text[] not null default '{}',
  -- why this technician
  decision_id uuid,
  primary key (order_id, version)
);

-- Which warnings and breaches were told: each once.
create table sla_mark (
  order_id uuid not null references work_order (id),
  target text not null check (target in ('ASSIGN', 'ARRIVE', 'RESOLVE')),
  level text not null check (level in ('WARNING', 'BREACHED')),
  due_at timestamptz not null,
  marked_at timestamptz not null,
  primary key (order_id, target, level)
);
