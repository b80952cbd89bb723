-- What is known and was decided of registered versions. Models are meant by their number, which outlives a new name; rows stay
-- when a version is deleted, since who decided what is asked afterwards too.
create table governance_scans (
  model_no bigint not null,
  version bigint not null,
  digest text not null,
  files text not null,
  verdict smallint not null,
  findings text not null,
  scanned_ms bigint not null,
  primary key (model_no, version)
);
create table governance_overrides (
  model_no bigint not null,
  version bigint not null,
  digest text not null,
  actor text not null,
  reason text not null,
  made_ms bigint not null,
  primary key (model_no, version, digest)
);
create table governance_decisions (
  model_no bigint not null,
  version bigint not null,
  decision_no bigint not null,
  status smallint not null,
  actor text not null,
  reason text not null,
  decided_ms bigint not null,
  digest text not null,
  policy_no bigint not null,
  primary key (model_no, version, decision_no)
);
create table governance_signatures (
  model_no bigint not null,
  version bigint not null,
  digest text not null,
  signer text not null,
  method text not null,
  bundle text not null,
  actor text not null,
  signed_ms bigint not null,
  primary key (model_no, version)
);
create table governance_cards (
  model_no bigint not null,
  version bigint not null,
  card_no bigint not null,
  status smallint not null,
  document text not null,
  actor text not null,
  written_ms bigint not null,
  primary key (model_no, version, card_no)
);
create table governance_policies (
  workspace text not null,
  policy_no bigint not null,
  document text not null,
  actor text not null,
  set_ms bigint not null,
  primary key (workspace, policy_no)
);
