-- Accounts, sessions, refresh tokens, attempts, the audit trail, signing keys.

create table app_user (
  id uuid primary key,
  email text not null check (email = lower(email) and length(email) between 3 and 254),
  password_hash text not null,
  name text not null check (length(name) between 1 and 200),
  phone text check (phone ~ '^\+[1-9][0-9]{6,14}$'),
  role text not null check (role in ('CLIENT', 'TECHNICIAN', 'SUPERVISOR', 'ADMIN')),
  locale text not null check (locale in ('es', 'en')),
  time_zone text not null,
  notification_preferences json not null default '{}',
  active boolean not null default true,
  -- what the last mail to this address told us of it, and when that was
  email_state text not null default 'UNKNOWN'
    check (email_state in ('UNKNOWN', 'VERIFIED', 'UNDELIVERABLE')),
  email_state_at timestamptz,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint app_user_email unique (email),
  constraint app_user_email_state check ((email_state = 'UNKNOWN') = (email_state_at is null))
);
create index app_user_created on app_user (created_at, id);

create table session (
  id uuid primary key,
  user_id uuid not null references app_user (id),
  device text not null,
  address text not null,
  created_at timestamptz not null,
  last_used_at timestamptz not null,
  expires_at timestamptz not null,
  ended_at timestamptz,
  end_reason text check (end_reason in (
    'REFRESH_TOKEN_REUSED', 'LOGGED_OUT', 'TOO_MANY', 'PASSWORD_CHANGED', 'PASSWORD_RESET',
    'SECOND_FACTOR_CHANGED', 'ROLE_CHANGED', 'DEACTIVATED')),
  constraint session_end check ((ended_at is null) = (end_reason is null))
);
create index session_by_user on session (user_id) where ended_at is null;
create index session_expiry on session (expires_at);

-- One row per refresh token ever handed out in a session; only hashes, never tokens.
create table refresh_token (
  hash bytea primary key check (length(hash) = 32),
  session_id uuid not null references session (id) on delete cascade,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz
);
create index refresh_token_session on refresh_token (session_id);

-- Who asked for a new password and has no mail yet: one row per address, known or not, because the
-- answer must cost the same. No secret is here: the token of the mail follows from the master key,
-- the id and expires_at.
create table reset_request (
  id uuid primary key,
  email text not null,
  -- from where, for the audit trail
  address text not null,
  device text not null,
  requested_at timestamptz not null,
  due_at timestamptz not null,
  attempts integer not null default 0,
  expires_at timestamptz not null,
  -- W3C Trace Context of the request: the mail is sent in its trace
  traceparent text,
  constraint reset_request_email unique (email)
);
create index reset_request_due on reset_request (due_at);
create index reset_request_age on reset_request (requested_at);

-- What a mail lets its reader do once; a row leaves when it is used or has expired.
create table reset_token (
  hash bytea primary key check (length(hash) = 32),
  user_id uuid not null references app_user (id),
  expires_at timestamptz not null
);
create index reset_token_user on reset_token (user_id);
create index reset_token_expiry on reset_token (expires_at);

-- Second factors (RFC 6238); one that is not confirmed is not asked for. The secret is encrypted with
-- the service's master key. Of the codes that were taken the last step is kept: none counts twice.
create table totp (
  user_id uuid primary key references app_user (id),
  secret_encrypted bytea not null,
  started_at timestamptz not null,
  confirmed_at timestamptz,
  last_step bigint,
  constraint totp_confirmed check ((confirmed_at is null) = (last_step is null))
);

-- What is taken in place of a code, once each; only keyed hashes.
create table recovery_code (
  user_id uuid not null references totp (user_id) on delete cascade,
  hash bytea not null check (length(hash) = 32),
  used_at timestamptz,
  primary key (user_id, hash)
);

-- Failures in a row, by who is tried and from where. The key is an HMAC of both: the table tells of
-- nobody, and of an account that does not exist as of one that does.
create table failed_attempts (
  key bytea primary key check (length(key) = 32),
  failures integer not null check (failures >= 0),
  blocked_until timestamptz,
  -- whether somebody was told to wait since the last attempt that was let in
  told boolean not null default false,
  expires_at timestamptz not null
);
create index failed_attempts_expiry on failed_attempts (expires_at);

-- Leaky buckets of failures: one drop a failure, and empty_at moves on by what a drop takes to leak.
create table attempt_bucket (
  key bytea primary key check (length(key) = 32),
  empty_at timestamptz not null
);
create index attempt_bucket_expiry on attempt_bucket (empty_at);

-- What was done to accounts, by whom and from where. Each row comes in the transaction of what it
-- tells of, is never changed, and leaves after AUDIT_RETENTION_DAYS. It would outlive its user, so
-- that user_id refers to none.
create table audit_entry (
  id uuid primary key,
  user_id uuid not null,
  time timestamptz not null,
  type text not null check (type ~ '^[a-z_]+\.[a-z_]+$'),
  actor_id uuid,
  actor_role text,
  session_id uuid,
  address text not null,
  device text not null,
  detail json not null,
  constraint audit_entry_actor check ((actor_id is null) = (actor_role is null))
);
create index audit_entry_user on audit_entry (user_id, time, id);
create index audit_entry_age on audit_entry (time);

-- Whoever gets hold of the service's role cannot cover their traces with it.
create function keep_audit_entry() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' and old.time < now() - interval '59 days' then
    return old;
  end if;
  raise exception 'an audit entry is not changed' using errcode = 'restrict_violation';
end
$$;
create trigger audit_entry_kept before update or delete on audit_entry
  for each row execute function keep_audit_entry();

-- Private keys are encrypted with the service's master key before they come here. The id is the
-- public key's thumbprint (RFC 7638), so that neither can be exchanged unnoticed.
create table signing_key (
  kid text primary key check (length(kid) = 43),
  public_key bytea not null,
  private_key_encrypted bytea not null,
  created_at timestamptz not null,
  -- published before, so that whoever verifies knows it by then
  signs_from timestamptz not null,
  constraint signing_key_published check (signs_from >= created_at)
);
