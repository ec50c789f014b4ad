-- What the journal says, in tables: sessions with their attempts and kernels, and what was used a day. All of it can be
-- made again from the journal; nothing else writes here. Times are nanoseconds since 1970, 0 while they have not come.

-- Up to where the journal has been read. Changes in one transaction with whatever follows from what was read.
create table history_position (
  only_one boolean primary key default true check (only_one),
  cluster_id text not null,
  version integer not null,
  sequence bigint not null,
  at_ns bigint not null
);

-- Records that were pruned before they were read. What began and was forgotten within them is missing.
create table history_gaps (
  first_sequence bigint primary key,
  last_sequence bigint not null,
  from_ns bigint not null,
  to_ns bigint not null
);

create table history_accounts (
  account_id integer primary key,
  name text not null,
  level integer not null,
  parent_id integer not null,
  project_id integer not null
);
create table history_groups (
  group_id integer primary key,
  name text not null
);
create table history_slots (
  slot_id integer primary key,
  name text not null,
  kind integer not null
);
create table history_agents (
  agent_id integer primary key,
  name text not null
);

create table history_specs (
  spec_id bigint primary key,
  spec text not null,
  added_ns bigint not null
);

-- Job arrays of which some elements have no row of their own yet.
create table history_arrays (
  first_id bigint primary key,
  element_count bigint not null,
  waiting bigint not null,
  name text not null,
  owner_id integer not null,
  domain_id integer not null,
  project_id integer not null,
  user_id integer not null,
  keypair_id integer not null,
  resource_group text not null,
  session_type text not null,
  on_loss text not null,
  priority integer not null,
  kernels integer not null,
  cpu_millis bigint not null,
  memory_bytes bigint not null,
  walltime_ns bigint not null,
  submitted_ns bigint not null,
  spec_id bigint not null,
  asked bytea not null
);
create index on history_arrays (spec_id);

-- What waiting elements were changed to, in order; name is null where it stays.
create table history_array_changes (
  array_id bigint not null references history_arrays (first_id) on delete cascade,
  sequence bigint not null,
  event_index integer not null,
  first_id bigint not null,
  element_count bigint not null,
  name text,
  priority integer not null,
  walltime_ns bigint not null,
  primary key (array_id, sequence, event_index)
);

-- Domain, project, user and keypair are numbers of accounts, as they were when it was submitted; 0: none.
create table history_sessions (
  id bigint primary key,
  array_id bigint not null,
  name text not null,
  owner_id integer not null,
  domain_id integer not null,
  project_id integer not null,
  user_id integer not null,
  keypair_id integer not null,
  resource_group text not null,
  session_type text not null,
  on_loss text not null,
  priority integer not null,
  kernels integer not null,
  cpu_millis bigint not null,
  memory_bytes bigint not null,
  walltime_ns bigint not null,
  submitted_ns bigint not null,
  spec_id bigint not null,
  asked bytea not null,
  state text not null,
  result text not null,
  reason text not null,
  exit_code integer not null,
  attempt integer not null,
  not_before_ns bigint not null,
  started_ns bigint not null,
  ended_ns bigint not null,
  steps bigint[] not null,
  steps_dropped bigint not null,
  lost boolean not null default false
);
create index on history_sessions (user_id, id);
create index on history_sessions (spec_id);
create index history_sessions_unended on history_sessions (id) where ended_ns = 0;
create index history_sessions_ended on history_sessions (ended_ns) where ended_ns > 0;

create table history_attempts (
  session_id bigint not null,
  attempt integer not null,
  assigned_ns bigint not null,
  started_ns bigint not null,
  ended_ns bigint not null,
  reason text not null,
  exit_code integer not null,
  primary key (session_id, attempt)
);

create table history_kernels (
  session_id bigint not null,
  attempt integer not null,
  kernel_index integer not null,
  agent_id integer not null,
  agent text not null,
  term bigint not null,
  state text not null,
  reason text not null,
  exit_code integer not null,
  cpu_millis bigint not null,
  memory_bytes bigint not null,
  slots jsonb not null,
  cpus text not null,
  devices text not null,
  detail text not null,
  assigned_ns bigint not null,
  started_ns bigint not null,
  ended_ns bigint not null,
  primary key (session_id, attempt, kernel_index)
);
create index history_kernels_running on history_kernels (session_id) where ended_ns = 0;

-- Amount of a slot (millicores, bytes, or as many as there were) times nanoseconds in which it was used, of kernels that
-- have ended. Days are of UTC.
create table history_usage (
  day date not null,
  domain_id integer not null,
  project_id integer not null,
  user_id integer not null,
  slot text not null,
  amount_ns numeric not null,
  primary key (day, domain_id, project_id, user_id, slot)
);
