-- Experiments, runs and metrics. Documents (tags, params, links) are read whole; what is searched is searched in
-- memory columns built from them (docs/decisions). Metric points: an append log that is folded into sorted chunks.
create table tracking_counters (
  name text not null primary key,
  value bigint not null
);
create table tracking_experiments (
  experiment_id bigint not null primary key,
  workspace text not null,
  name text not null,
  artifact_location text not null,
  lifecycle smallint not null,
  created_ms bigint not null,
  updated_ms bigint not null,
  purged bigint not null,
  tags text not null,
  unique (workspace, name)
);
create table tracking_runs (
  run_no bigint not null primary key,
  run_id text not null unique,
  experiment_id bigint not null references tracking_experiments (experiment_id),
  name text not null,
  user_name text not null,
  status smallint not null,
  lifecycle smallint not null,
  start_ms bigint not null,
  end_ms bigint,
  deleted_ms bigint,
  artifact_uri text not null,
  params text not null,
  tags text not null,
  links text,
  changed bigint not null
);
create index tracking_runs_changed on tracking_runs (experiment_id, changed);
create table tracking_datasets (
  dataset_no bigint not null primary key,
  experiment_id bigint not null,
  name text not null,
  digest text not null,
  source_type text not null,
  source text not null,
  schema text,
  profile text,
  unique (experiment_id, name, digest)
);
create table tracking_dataset_uses (
  dataset_no bigint not null references tracking_datasets (dataset_no),
  context text not null,
  primary key (dataset_no, context)
);
create table tracking_metric_names (
  metric_no bigint not null primary key,
  name text not null unique
);
create table tracking_latest (
  run_no bigint not null,
  block bigint not null,
  experiment_id bigint not null,
  changed bigint not null,
  points bytea not null,
  primary key (run_no, block)
);
create index tracking_latest_changed on tracking_latest (experiment_id, changed);
create table tracking_metric_log (
  owner_no bigint not null,
  points bytea not null
);
create index tracking_metric_log_owner on tracking_metric_log (owner_no);
create table tracking_metric_chunks (
  owner_no bigint not null,
  metric_no bigint not null,
  chunk_no bigint not null,
  point_count bigint not null,
  first_ms bigint not null,
  first_step bigint not null,
  last_ms bigint not null,
  last_step bigint not null,
  points bytea not null,
  primary key (owner_no, metric_no, chunk_no)
);
create table tracking_models (
  model_no bigint not null primary key,
  model_id text not null unique,
  experiment_id bigint not null references tracking_experiments (experiment_id),
  name text not null,
  model_type text not null,
  source_run_id text not null,
  artifact_uri text not null,
  status smallint not null,
  created_ms bigint not null,
  updated_ms bigint not null,
  deleted_ms bigint,
  params text not null,
  tags text not null
);
create index tracking_models_experiment on tracking_models (experiment_id);
create table tracking_model_series (
  series_no bigint not null primary key,
  model_no bigint not null references tracking_models (model_no),
  run_no bigint not null references tracking_runs (run_no),
  dataset_name text not null,
  dataset_digest text not null,
  unique (model_no, run_no, dataset_name, dataset_digest)
);
