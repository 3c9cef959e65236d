-- Orders, their history, the technicians who do them.

-- What workorder knows of a technician: a projection of auth's users.
create table technician (
  id uuid primary key,
  name text not null,
  active boolean not null,
  -- the sequence of the newest user event applied; older ones are skipped
  user_sequence bigint not null
);

create sequence order_code;

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
  cancel_reason text,
  evidence_count integer not null default 0 check (evidence_count >= 0),
  -- the sequence of the newest report of tracking that was applied; older ones are skipped
  tracking_sequence bigint not null default 0,
  version bigint not null check (version > 0),
  created_by uuid not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  ended_at timestamptz,
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
create index work_order_newest on work_order (created_at desc, id desc);
create index work_order_status on work_order (status, created_at desc, id desc);
create index work_order_customer on work_order (customer_id, created_at desc, id desc);
create index work_order_technician_list on work_order (technician_id, created_at desc, id desc);

-- Nobody works on two orders at once.
create unique index work_order_in_progress on work_order (technician_id)
  where status = 'IN_PROGRESS';

-- Every change of an order: who, when, from, to, why. Appended, never changed.
create table order_history (
  order_id uuid not null references work_order (id),
  version bigint not null,
  occurred_at timestamptz not null,
  actor_id uuid not null,
  actor_role text not null,
  from_status text,
  to_status text not null,
  technician_id uuid,
  reason text,
  primary key (order_id, version)
);
