-- Addresses outside that are told what happens to models, and what each is told. Rows of deliveries are written by a
-- listener of the record of events, so that nothing is told that did not happen and nothing is left out.
create table registry_webhooks (
  webhook_id text not null primary key,
  webhook_no bigint not null unique,
  workspace text not null,
  name text not null,
  description text,
  url text not null,
  topics text not null,
  secret text,
  active smallint not null,
  failures bigint not null,
  rests_until_ms bigint not null,
  created_ms bigint not null,
  updated_ms bigint not null
);
create index registry_webhooks_workspace on registry_webhooks (workspace, webhook_no);
create table registry_deliveries (
  webhook_id text not null references registry_webhooks (webhook_id),
  position bigint not null,
  delivery_id text not null,
  lane text not null,
  topic text not null,
  body text not null,
  state smallint not null,
  attempts bigint not null,
  created_ms bigint not null,
  since_ms bigint not null,
  settled_ms bigint,
  failure text,
  primary key (webhook_id, position)
);
create index registry_deliveries_waiting on registry_deliveries (webhook_id, lane, position) where state = 0;
create index registry_deliveries_settled on registry_deliveries (webhook_id, settled_ms) where settled_ms is not null;
