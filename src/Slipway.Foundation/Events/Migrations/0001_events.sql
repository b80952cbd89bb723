-- What happened, in the order of commits: (stamp, number) is the transaction and the place within it. Rows are only
-- ever added. The chain over them is laid a moment later and stands beside them (see Events/README.md).
create table foundation_events (
  stamp bigint not null,
  number bigint not null,
  time_ms bigint not null,
  kind text not null,
  subject_kind text not null,
  subject_id text not null,
  workspace text not null,
  actor text not null,
  address text not null,
  payload text not null,
  primary key (stamp, number)
);
create table foundation_event_seals (
  position bigint not null primary key,
  stamp bigint not null,
  number bigint not null,
  hash bytea not null
);
create table foundation_event_chain (
  id smallint not null primary key,
  position bigint not null,
  stamp bigint not null,
  number bigint not null,
  hash bytea not null
);
create table foundation_event_listeners (
  name text not null primary key,
  position bigint not null
);
