-- People, their tokens, roles and the one table of grants. A grant taken back stays as a row without a level, so that
-- every server that follows the stamps learns of it; a later start removes it. Numbers go on from the highest in use.
create table identity_version (
  number bigint not null
);
create table identity_workspaces (
  name text not null primary key,
  description text not null,
  created_ms bigint not null
);
create table identity_users (
  user_no bigint not null primary key,
  name text not null unique,
  password text not null,
  installed smallint not null,
  created_ms bigint not null
);
create table identity_tokens (
  token_id text not null primary key,
  user_no bigint not null references identity_users (user_no),
  workspace text not null,
  name text not null,
  hash text not null unique,
  hint text not null,
  created_ms bigint not null,
  expires_ms bigint
);
create index identity_tokens_user on identity_tokens (user_no);
create table identity_roles (
  role_no bigint not null primary key,
  workspace text not null,
  name text not null,
  description text,
  unique (workspace, name)
);
create table identity_members (
  role_no bigint not null references identity_roles (role_no),
  user_no bigint not null references identity_users (user_no),
  member_no bigint not null,
  primary key (role_no, user_no)
);
create index identity_members_user on identity_members (user_no);
create table identity_grants (
  holder_kind smallint not null,
  holder_no bigint not null,
  workspace text not null,
  kind smallint not null,
  resource text not null,
  grant_no bigint not null,
  level smallint,
  given_ms bigint not null,
  changed bigint not null,
  primary key (holder_kind, holder_no, workspace, kind, resource)
);
create index identity_grants_changed on identity_grants (changed);
create index identity_grants_resource on identity_grants (workspace, kind, resource);
