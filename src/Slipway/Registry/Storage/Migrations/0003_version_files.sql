-- What a version consists of and where it comes from, noted when it was registered. Documents that are read only when
-- somebody asks for them stand apart, so that finding a version reads a small row.
create table registry_files (
  model_no bigint not null references registry_models (model_no),
  version bigint not null,
  file_no bigint not null,
  path text not null,
  size_bytes bigint not null,
  sha256 text not null,
  primary key (model_no, version, file_no)
);
create table registry_documents (
  model_no bigint not null references registry_models (model_no),
  version bigint not null,
  kind smallint not null,
  document text not null,
  primary key (model_no, version, kind)
);
alter table registry_versions add column place text;
alter table registry_versions add column files smallint not null default 0;
alter table registry_versions add column digest text;
