-- Evaluation datasets and their records. Which experiments a dataset serves is told by number alone: an experiment may be
-- purged below without asking here.
create table evaluation_datasets (
  dataset_no bigint not null primary key,
  dataset_id text not null unique,
  workspace text not null,
  name text not null,
  digest text not null,
  created_ms bigint not null,
  updated_ms bigint not null,
  created_by text,
  updated_by text,
  tags text not null,
  record_count bigint not null,
  fields text
);
create index evaluation_datasets_workspace on evaluation_datasets (workspace);
create table evaluation_dataset_experiments (
  dataset_no bigint not null references evaluation_datasets (dataset_no),
  experiment_id bigint not null,
  primary key (dataset_no, experiment_id)
);
create table evaluation_records (
  record_no bigint not null primary key,
  record_id text not null unique,
  dataset_no bigint not null references evaluation_datasets (dataset_no),
  inputs_digest text not null,
  created_ms bigint not null,
  updated_ms bigint not null,
  created_by text,
  updated_by text,
  content text not null,
  unique (dataset_no, inputs_digest)
);
