-- Registered models, their versions and aliases. Tags are documents, read whole. Versions that were deleted stay as rows,
-- so that their numbers are never another version's. Moves are what aliases and stages did, for history and rollback.
create table registry_models (
  model_no bigint not null primary key,
  workspace text not null,
  name text not null,
  description text,
  prompt smallint not null,
  created_ms bigint not null,
  updated_ms bigint not null,
  version_count bigint not null,
  tags text not null,
  unique (workspace, name)
);
-- Names are ordered by their letters' codes, as everywhere else.
-- only: postgres
alter table registry_models alter column name type text collate "C";
create table registry_versions (
  model_no bigint not null references registry_models (model_no),
  version bigint not null,
  description text,
  stage smallint not null,
  source text not null,
  artifact_uri text not null,
  run_id text not null,
  run_link text not null,
  logged_model_id text not null,
  created_by text not null,
  created_ms bigint not null,
  updated_ms bigint not null,
  deleted_ms bigint,
  prompt smallint not null,
  tags text not null,
  primary key (model_no, version)
);
create index registry_versions_stage on registry_versions (model_no, stage, version) where deleted_ms is null;
create index registry_versions_run on registry_versions (run_id);
create index registry_versions_updated on registry_versions (updated_ms);
create index registry_versions_prompt on registry_versions (model_no) where prompt = 1;
create table registry_aliases (
  model_no bigint not null references registry_models (model_no),
  alias text not null,
  version bigint not null,
  primary key (model_no, alias)
);
create index registry_aliases_version on registry_aliases (model_no, version);
create table registry_moves (
  model_no bigint not null references registry_models (model_no),
  move_no bigint not null,
  alias text,
  from_version bigint,
  to_version bigint,
  from_stage bigint,
  to_stage bigint,
  actor text not null,
  moved_ms bigint not null,
  primary key (model_no, move_no)
);
