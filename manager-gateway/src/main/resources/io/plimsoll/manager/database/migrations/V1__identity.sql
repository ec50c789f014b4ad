-- Who may use a cluster, and how much of it. Names are unique among their kind. Numbers of accounts are given here, from
-- a range that those configured by hand do not reach, and never given twice.

create sequence account_ids as integer start with 1000000;

create table domains (
  account_id integer primary key default nextval('account_ids'),
  name text not null unique,
  description text not null default '',
  active boolean not null default true,
  policy jsonb not null default '{}',
  created_at timestamptz not null default now()
);

create table projects (
  account_id integer primary key default nextval('account_ids'),
  name text not null unique,
  domain_id integer not null references domains (account_id),
  description text not null default '',
  active boolean not null default true,
  policy jsonb not null default '{}',
  created_at timestamptz not null default now(),
  unique (account_id, domain_id)
);
create index on projects (domain_id);

create table users (
  account_id integer primary key default nextval('account_ids'),
  name text not null unique,
  domain_id integer not null references domains (account_id),
  role text not null check (role in ('superadmin', 'admin', 'user', 'monitor')),
  default_project_id integer references projects (account_id) on delete set null,
  description text not null default '',
  active boolean not null default true,
  policy jsonb not null default '{}',
  created_at timestamptz not null default now(),
  unique (account_id, domain_id)
);
create index on users (domain_id);

-- Users belong to projects of their own domain only.
create table members (
  project_id integer not null,
  user_id integer not null,
  domain_id integer not null,
  primary key (project_id, user_id),
  foreign key (project_id, domain_id) references projects (account_id, domain_id) on delete cascade,
  foreign key (user_id, domain_id) references users (account_id, domain_id) on delete cascade
);
create index on members (user_id);

-- The secret has 256 random bits, so a plain SHA-256 of it is enough: there is nothing to guess.
create table keypairs (
  account_id integer primary key default nextval('account_ids'),
  access_key text not null unique,
  user_id integer not null references users (account_id) on delete cascade,
  secret_sha256 text not null,
  description text not null default '',
  active boolean not null default true,
  policy jsonb not null default '{}',
  created_at timestamptz not null default now(),
  expires_at timestamptz
);
create index on keypairs (user_id);

-- What one keypair does in one project. There from the moment at which the user is a member, so that submitting needs no
-- database.
create table member_accounts (
  account_id integer primary key default nextval('account_ids'),
  keypair_id integer not null references keypairs (account_id) on delete cascade,
  project_id integer not null references projects (account_id) on delete cascade,
  unique (keypair_id, project_id)
);
create index on member_accounts (project_id);

-- Rises with every change, so that whoever holds a copy knows that it is old.
create table identity_version (
  only_one boolean primary key default true check (only_one),
  version bigint not null default 0
);
insert into identity_version default values;

create table audit (
  id bigint generated always as identity primary key,
  at timestamptz not null default now(),
  actor text not null,
  role text not null,
  source text not null,
  request_id text not null,
  action text not null,
  target text not null,
  result text not null,
  detail text not null default ''
);
create index on audit (at);
create index on audit (actor, id);
create index on audit (target, id);
