-- Traces: a narrow head row, its tags and metadata as rows beside it, the spans of a batch as one block of OTLP bytes,
-- and of each span a row with what search and metrics need. Tall tables key by the number of the trace, which grows
-- with time, so that writing appends. The databases differ only in how they number and cluster (see docs/decisions).
-- only: sqlite
create table tracing_traces (
  trace_no integer not null primary key,
  trace_id text not null unique,
  experiment_id bigint not null,
  request_ms bigint not null,
  duration_ms bigint,
  state smallint not null,
  finalized smallint not null,
  client_request_id text,
  request_preview text,
  response_preview text,
  input_tokens bigint,
  output_tokens bigint,
  total_tokens bigint,
  cache_read_tokens bigint,
  cache_write_tokens bigint
);
-- only: postgres
create table tracing_traces (
  trace_no bigint generated always as identity primary key,
  trace_id text not null unique,
  experiment_id bigint not null,
  request_ms bigint not null,
  duration_ms bigint,
  state smallint not null,
  finalized smallint not null,
  client_request_id text,
  request_preview text,
  response_preview text,
  input_tokens bigint,
  output_tokens bigint,
  total_tokens bigint,
  cache_read_tokens bigint,
  cache_write_tokens bigint
);
create index tracing_traces_newest on tracing_traces (experiment_id, request_ms desc, trace_id);
-- only: sqlite
create table tracing_labels (
  trace_no bigint not null,
  kind smallint not null,
  key text not null,
  value text not null,
  primary key (trace_no, kind, key)
) without rowid;
-- only: postgres
create table tracing_labels (
  trace_no bigint not null,
  kind smallint not null,
  key text not null,
  value text not null,
  primary key (trace_no, kind, key)
);
create table tracing_links (
  kind smallint not null,
  target text not null,
  trace_id text not null,
  primary key (kind, target, trace_id)
);
create index tracing_links_trace on tracing_links (trace_id);
create table tracing_span_blocks (
  trace_no bigint not null,
  spans bytea not null
);
create index tracing_span_blocks_trace on tracing_span_blocks (trace_no);
-- only: sqlite
create table tracing_spans (
  trace_no bigint not null,
  span_id bigint not null,
  name text not null,
  type text,
  status smallint not null,
  start_ns bigint not null,
  end_ns bigint,
  model text,
  provider text,
  input_tokens bigint,
  output_tokens bigint,
  total_tokens bigint,
  cache_read_tokens bigint,
  cache_write_tokens bigint,
  input_cost double precision,
  output_cost double precision,
  total_cost double precision,
  primary key (trace_no, span_id)
) without rowid;
-- only: postgres
create table tracing_spans (
  trace_no bigint not null,
  span_id bigint not null,
  name text not null,
  type text,
  status smallint not null,
  start_ns bigint not null,
  end_ns bigint,
  model text,
  provider text,
  input_tokens bigint,
  output_tokens bigint,
  total_tokens bigint,
  cache_read_tokens bigint,
  cache_write_tokens bigint,
  input_cost double precision,
  output_cost double precision,
  total_cost double precision,
  primary key (trace_no, span_id)
);
create table tracing_assessments (
  assessment_id text not null primary key,
  trace_no bigint not null,
  name text not null,
  kind smallint not null,
  valid smallint not null,
  created_ms bigint not null,
  updated_ms bigint not null,
  value text not null,
  searched text,
  number double precision,
  session text,
  document text not null
);
create index tracing_assessments_trace on tracing_assessments (trace_no);
create index tracing_assessments_session on tracing_assessments (session);
