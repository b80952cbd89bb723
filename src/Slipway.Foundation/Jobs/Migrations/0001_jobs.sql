-- Work to be done outside the transaction that asks for it. A row is waiting (0), running (1) or parked (2); one that is
-- done is gone, one that recurs waits again. The token grows with each claim and fences off whoever held it before; the
-- beat grows with each sign of life.
create table foundation_jobs (
  id text not null primary key,
  kind text not null,
  payload text not null,
  state smallint not null,
  due_ms bigint not null,
  decided_ms bigint not null,
  token bigint not null,
  beat bigint not null,
  failures bigint not null,
  failure text
);
create index foundation_jobs_due on foundation_jobs (state, due_ms);
create index foundation_jobs_decided on foundation_jobs (state, decided_ms);
