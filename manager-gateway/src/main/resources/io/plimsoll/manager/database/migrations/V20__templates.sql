-- What sessions are made from, by name, in a project. Each change is a version of its own, so that what a session was
-- made from can be looked up; old ones go.

create table templates (
  project_id integer not null references projects (account_id) on delete cascade,
  name text not null,
  version integer not null check (version > 0),
  description text not null default '',
  session text not null,
  author text not null,
  created_at timestamptz not null default now(),
  primary key (project_id, name, version)
);
