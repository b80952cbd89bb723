// Generated: the records of the native API, by SLIPWAY_REGENERATE=1 ./test native_api

/** Why a call was refused or failed. */
export interface Problem {
  /** Always about:blank; the code says what it is. */
  type: string;
  /** What is wrong, as a sentence. */
  title: string;
  /** The status of the answer. */
  status: number;
  /** The rule that was broken, such as run.not_found. */
  code: string;
  /** What to do next. */
  hint?: string;
  /** The part of the request that is at fault. */
  field?: string;
}

export type AccessLevel = "none" | "read" | "use" | "edit" | "manage";

/** The version that an alias is to mean. */
export interface AliasPut {
  /** The version. */
  version: number;
  /** The version that the alias means as far as the caller knows, 0 for none: where it means another by now, it stays. Null where that does not matter. */
  expected_version?: number | null;
}

/** What lies directly in a folder of a run or logged model. */
export interface ArtifactList {
  /** Where the run or model keeps its artifacts, as MLflow's clients call it. */
  root_uri: string;
  /** Files and folders, by name. */
  items: ArtifactResource[];
}

/** A file of a run or logged model, or a folder of them. */
export interface ArtifactResource {
  /** Its path under the run or model, with slashes. */
  path: string;
  /** It is a folder; its files are listed by its path. */
  is_folder: boolean;
  /** How large the file is; null for a folder. */
  size_bytes?: number;
  /** The SHA-256 of the content in lower-case hexadecimal, told when a file was stored. Listings leave it out. */
  sha256?: string;
}

/** Something that happened, in its place in the record. */
export interface AuditEvent {
  /** Its place: places are dense, and follow the order in which things happened. */
  position: number;
  /** When, in milliseconds since 1970, UTC. */
  time_ms: number;
  /** What happened, such as run.finished. */
  kind: string;
  /** To what kind of thing. */
  subject_kind: string;
  /** To which one. */
  subject_id: string;
  /** In which workspace; empty for the server itself. */
  workspace: string;
  /** Who did it; empty for what the server does by itself. */
  actor: string;
  /** From which address; empty inside the server. */
  address: string;
  /** What else there is to say of it: a JSON document, as it was sealed. */
  payload: string;
  /** The link that seals it and everything before it: SHA-256 in hexadecimal digits. */
  hash: string;
}

/** What going through the whole record brought to light. */
export interface AuditReport {
  /** Whether every event is as it was written. */
  ok: boolean;
  /** How many events were found to be as they were written. */
  sealed: number;
  /** How many are too new to be sealed. */
  unsealed: number;
  /** The last link that is as it should be, to be kept elsewhere. */
  anchor: string;
  /** The first place that is not as it was written; null where there is none. */
  broken_at?: number;
  /** What is wrong there; null where nothing is. */
  reason?: string;
}

/** How far a card has come. */
export interface CardChange {
  /** draft, pending_review, approved or archived. */
  status: string;
}

/** What somebody wrote of a version. */
export interface CardResource {
  /** Counted from 1 within the version. */
  number: number;
  /** draft, pending_review, approved or archived. */
  status: string;
  /** The fields as they were written. */
  fields: Record<string, unknown>;
  /** Who wrote them. */
  actor: string;
  /** When, in milliseconds since 1970, UTC. */
  written_ms: number;
}

/** A dataset as a run used it. */
export interface DatasetInput {
  /** Its name. */
  name: string;
  /** What tells this state of the data from others. */
  digest: string;
  /** The kind of Source, such as local or s3. */
  source_type: string;
  /** Where it came from. */
  source: string;
  /** Its columns and their types, as JSON. */
  schema?: string;
  /** Figures about it, as JSON. */
  profile?: string;
  /** How it was used; mlflow.data.context says for what, such as training. */
  tags: Record<string, string>;
}

/** A dataset as a run used it. */
export interface DatasetInputRequest {
  /** Its name. */
  name: string;
  /** What tells this state of the data from others. */
  digest: string;
  /** The kind of Source, such as local or s3. */
  source_type: string;
  /** Where it came from. */
  source: string;
  /** Its columns and their types, as JSON. */
  schema?: string | null;
  /** Figures about it, as JSON. */
  profile?: string | null;
  /** How it was used; mlflow.data.context says for what, such as training. */
  tags?: Record<string, string>;
}

/** A dataset in one state that a run read. */
export interface DatasetUse {
  /** What it is called. */
  name: string;
  /** Its state. */
  digest: string;
  /** Where it lies, in the form that the kind of source has. */
  source: string;
  /** The kind of source. */
  source_type: string;
  /** What it was read for, such as training. */
  context?: string;
}

/** What somebody decides. */
export interface DecisionRequest {
  /** pending, approved or rejected. */
  status: string;
  /** Why. */
  reason: string;
  /** The digest of the files that were looked at; with other files the decision is refused. */
  digest?: string | null;
}

/** What somebody decided about a version. */
export interface DecisionResource {
  /** Counted from 1 within the version. */
  number: number;
  /** pending, approved or rejected. */
  status: string;
  /** Who decided. */
  actor: string;
  /** Why. */
  reason: string;
  /** When, in milliseconds since 1970, UTC. */
  decided_ms: number;
  /** The digest of the files that were decided about. */
  digest: string;
  /** The policy under which it was decided. */
  policy_number: number;
}

/** One thing that a webhook is told. */
export interface DeliveryResource {
  /** The same for every attempt, by which a receiver knows a repetition. */
  id: string;
  /** Its place in the record of events. */
  position: number;
  /** The model it is about. */
  model: string;
  /** What happened. */
  event: string;
  /** waiting, delivered or dead. */
  state: string;
  /** How often it was tried. */
  attempts: number;
  /** Why the last attempt failed. */
  failure?: string;
  /** When it was written down, in milliseconds since 1970, UTC. */
  created_ms: number;
  /** When it was delivered or given up, in milliseconds since 1970, UTC. */
  settled_ms?: number;
}

/** What changes of an experiment; null stays as it is. */
export interface ExperimentChange {
  /** Its new name. */
  name?: string | null;
  /** Tags to set; one whose value is null is removed. */
  tags?: Record<string, string | null> | null;
}

/** How many runs an experiment has. */
export interface ExperimentCounts {
  /** Those in use. */
  active: number;
  /** Those in the bin. */
  deleted: number;
  /** Those in use, by status. */
  by_status: Partial<Record<RunStatus, number>>;
}

/** Asks how many runs several experiments have. */
export interface ExperimentCountsQuery {
  /** Their ids, at most 200. */
  ids: string[];
}

/** What is said of an experiment to be made. */
export interface ExperimentCreate {
  /** Its name. */
  name: string;
  /** Where its runs keep their artifacts; null for the server's own store. */
  artifact_location?: string | null;
  /** Its tags. */
  tags?: Record<string, string>;
}

/** What changed among the runs of an experiment. */
export interface ExperimentNews {
  /** The experiment. */
  experiment_id: string;
  /** The runs that changed; null where more did than is worth naming. */
  runs?: string[];
  /** How many of them are new. */
  created: number;
}

/** A named collection of runs. */
export interface ExperimentResource {
  /** The id that the server gave it. */
  id: string;
  /** Its name, which no other experiment of the workspace has, one in the bin included. */
  name: string;
  /** Where its runs keep their artifacts. */
  artifact_location: string;
  /** Whether it is in the bin. */
  lifecycle: Lifecycle;
  /** When it was made, in milliseconds since 1970, UTC. */
  created_ms: number;
  /** When it was last changed, in milliseconds since 1970, UTC. */
  updated_ms: number;
  /** Its tags. */
  tags: Record<string, string>;
}

/** One page of a listing. */
export interface ExperimentResourcePage {
  /** What this page holds, in the order asked for. */
  items: ExperimentResource[];
  /** How many there are on all pages together. */
  total: number;
  /** Asks for the page after this one; null on the last. */
  next_page_token?: string;
  /** Names the listing as it stood: given with the next question, what was made since stays out. Null where a listing has none. */
  snapshot?: string;
}

/** How many runs several experiments have. */
export interface ExperimentsCounts {
  /** The counts by id; experiments that do not exist are left out. */
  counts: Record<string, ExperimentCounts>;
}

/** One file of a version. */
export interface FileDigest {
  /** Its path under the model. */
  path: string;
  /** How large it is. */
  size_bytes: number;
  /** The SHA-256 of its content, as hexadecimal letters. */
  sha256: string;
}

/** A file by its content. */
export interface FileResource {
  /** Where it lies in the model. */
  path: string;
  /** How long it is. */
  size_bytes: number;
  /** The digest of its content, in lower-case hexadecimal. */
  sha256: string;
}

export type FilesState = "elsewhere" | "missing" | "pending" | "noted";

/** One thing that a scan found. */
export interface FindingResource {
  /** The file, and after an exclamation mark the member of an archive. */
  path: string;
  /** safe for a note, unscannable or unsafe. */
  verdict: string;
  /** Which rule found it. */
  rule: string;
  /** What was found. */
  message: string;
}

/** Another level for a grant. */
export interface GrantChange {
  /** How much it allows from now on. */
  level: AccessLevel;
}

export type GrantKind = "workspace" | "experiment" | "registered_model" | "server";

/** What is said of a user's grant. */
export interface GrantPut {
  /** The user who gets it. */
  user: string;
  /** What it is given on. */
  kind: GrantKind;
  /** Which one of the kind; null for all of them, and for the workspace of the call. */
  on?: string | null;
  /** How much it allows. */
  level: AccessLevel;
}

/** One line of the table that says who may do what. */
export interface GrantResource {
  /** The number of a role's grant; 0 for a user's. */
  id: number;
  /** The user who holds it; null where a role does. */
  user?: string;
  /** The role that holds it, by name; null where a user does. */
  role?: string;
  /** The workspace of the thing; empty for the server itself. */
  workspace: string;
  /** What it is given on. */
  kind: GrantKind;
  /** Which one of the kind; null for all of them, and where there is only one. */
  on?: string;
  /** How much it allows. */
  level: AccessLevel;
  /** When it was given, in milliseconds since 1970, UTC. */
  given_ms: number;
}

/** How the server is. */
export interface Health {
  /** Whether the store can be used. */
  status: HealthStatus;
  /** Which release this is. */
  version: string;
  /** The database it stores in: sqlite or postgres. */
  store: string;
  /** Whether nothing can be written. */
  read_only: boolean;
  /** Why not all is well; null where it is. */
  reason?: string;
  /** What is free on the disk of the data folder. */
  free_bytes: number;
  /** Calls that are being answered. */
  requests_inside: number;
  /** Whether a standby follows the database whose commits do not wait for it. */
  failover_may_lose: boolean;
}

export type HealthStatus = "ok" | "read_only" | "unavailable";

/** The histories asked for; a metric that a run does not have is left out. */
export interface Histories {
  /** One for each run and metric. */
  series: MetricSeries[];
}

/** Which histories are asked for, each drawn with so many points at most. */
export interface HistoryQuery {
  /** The runs, at most 100. */
  run_ids: string[];
  /** The metrics, at most 100; empty for all that the runs have. */
  keys?: string[];
  /** How many points of a longer history come back: those that show its highest and lowest values. With 0 only the totals come. */
  max_points?: number;
}

/** Files that nothing names any more, which were removed or would be. */
export interface LeftoversResult {
  /** Folders of experiments, runs and logged models that are no more. */
  folders: number;
  /** How many files they hold. */
  files: number;
  /** How large these are together. */
  bytes: number;
}

export type Lifecycle = "active" | "deleted";

/** One thing went into another, or was made of it. */
export interface LineageEdgeResource {
  /** The earlier. */
  from: LineageNodeResource;
  /** The later. */
  to: LineageNodeResource;
  /** read, made, registered or copied. */
  relation: string;
}

/** A dataset, a run, a logged model or a registered version. */
export interface LineageNodeResource {
  /** dataset, run, logged_model or model_version. */
  kind: string;
  /** Which one. */
  id: string;
  /** A name for people; may be empty. */
  label: string;
}

/** What leads to a thing and what came of it, as far as whoever asks may know. */
export interface LineageResource {
  /** What was asked about. */
  root: LineageNodeResource;
  /** All that is connected with it. */
  nodes: LineageNodeResource[];
  /** How it is connected, from the earlier to the later. */
  edges: LineageEdgeResource[];
  /** There is more than was looked at. */
  cut: boolean;
}

/** What changes of a logged model; what is left out stays as it is. */
export interface LoggedModelChange {
  /** How far it has come. */
  status?: LoggedModelStatus | null;
  /** Parameters to add; one that was logged before must have the same value. */
  params?: Record<string, string>;
  /** Tags to set. */
  tags?: Record<string, string>;
}

/** What is said of a model to be logged. */
export interface LoggedModelCreate {
  /** The experiment it belongs to. */
  experiment_id: string;
  /** Its name; null for one that the server makes up. */
  name?: string | null;
  /** A word of your own, such as agent. */
  type?: string;
  /** The run that makes it. */
  source_run_id?: string;
  /** What it is made with. */
  params?: Record<string, string>;
  /** Its tags. */
  tags?: Record<string, string>;
}

/** One page of logged models. */
export interface LoggedModelPage {
  /** What this page holds, in the order asked for. */
  items: LoggedModelResource[];
  /** Asks for the page after this one; null on the last. */
  next_page_token?: string;
}

/** What a search for logged models asks. */
export interface LoggedModelQuery {
  /** The experiments to search; those that do not exist hold no models. */
  experiment_ids: string[];
  /** A condition such as metrics.f1 > 0.9 AND params.model = 'gbt'; null for all. */
  filter?: string | null;
  /** Fields such as metrics.f1 DESC; newest first where nothing is said. */
  order_by?: string[];
  /** How many models come at a time, at most 50,000. */
  page_size?: number;
  /** Where to go on, as the page before said it. */
  page_token?: string | null;
}

/** A model that came out of training, before anybody has registered it. */
export interface LoggedModelResource {
  /** Its id, which begins with m-. */
  id: string;
  /** The experiment it belongs to. */
  experiment_id: string;
  /** Its name; several models may have the same. */
  name: string;
  /** A word of whoever logged it, such as agent; often empty. */
  type: string;
  /** The run that made it; often empty. */
  source_run_id: string;
  /** How far it has come. */
  status: LoggedModelStatus;
  /** Where its files are. */
  artifact_uri: string;
  /** When it was made, in milliseconds since 1970, UTC. */
  created_ms: number;
  /** When it was last changed, in milliseconds since 1970, UTC. */
  updated_ms: number;
  /** What it was made with; a parameter never changes once logged. */
  params: Record<string, string>;
  /** Its tags. */
  tags: Record<string, string>;
  /** What runs measured on it, whichever run made it. */
  metrics: ModelMeasurement[];
}

export type LoggedModelStatus = "pending" | "ready" | "upload_failed";

/** A user who has a role. */
export interface MemberResource {
  /** The user's name. */
  user: string;
}

/** A value of a metric to be logged. */
export interface MetricEntry {
  /** The metric's name. */
  key: string;
  /** How much. */
  value: number | "NaN" | "Infinity" | "-Infinity";
  /** At which step of training. */
  step?: number;
  /** When, in milliseconds since 1970, UTC; null for when the server gets it. With a time, a value that is sent twice is stored once. */
  timestamp_ms?: number | null;
  /** The logged model it was measured on; null for none. */
  model_id?: string | null;
  /** The dataset it was measured on; null for none. */
  dataset_name?: string | null;
  /** The state of that dataset. */
  dataset_digest?: string | null;
}

/** One measured value: how much, at which step of training, and when. */
export interface MetricPoint {
  /** How much; NaN and the infinities are values like others. */
  value: number | "NaN" | "Infinity" | "-Infinity";
  /** At which step of training. */
  step: number;
  /** When, in milliseconds since 1970, UTC. */
  timestamp_ms: number;
  /** The least that the run's metric ever was; null where that is this value. */
  lowest?: number | "NaN" | "Infinity" | "-Infinity";
  /** The most that the run's metric ever was; null where that is this value. */
  highest?: number | "NaN" | "Infinity" | "-Infinity";
}

/** The history of a metric, or a part of it: three lists of the same length. */
export interface MetricSeries {
  /** The run. */
  run_id: string;
  /** The metric. */
  key: string;
  /** How many points the whole history has. */
  total: number;
  /** The step of each point. */
  steps: number[];
  /** The time of each point, in milliseconds since 1970, UTC. */
  timestamps_ms: number[];
  /** The value of each point. */
  values: (number | "NaN" | "Infinity" | "-Infinity")[];
  /** Asks for the page after this one; null on the last, and where points were picked. */
  next_page_token?: string;
}

/** The values of one metric over several runs; what is no number does not count. */
export interface MetricSummary {
  /** How many runs have it. */
  runs: number;
  /** Their mean. */
  mean: number | "NaN" | "Infinity" | "-Infinity";
  /** The least of them. */
  lowest: number | "NaN" | "Infinity" | "-Infinity";
  /** The most of them. */
  highest: number | "NaN" | "Infinity" | "-Infinity";
}

/** What changes of a model; what is left out stays as it is. */
export interface ModelChange {
  /** Another name; versions, aliases and grants go with it. */
  name?: string | null;
  /** Another description. */
  description?: string | null;
  /** Tags to set. */
  tags?: Record<string, string>;
}

/** What is said of a model to be registered. */
export interface ModelCreate {
  /** The name, without slash and colon. */
  name: string;
  /** What people say of it. */
  description?: string | null;
  /** Its tags. */
  tags?: Record<string, string>;
}

/** A value that a run measured on a model. */
export interface ModelMeasurement {
  /** The run that measured it. */
  run_id: string;
  /** The metric. */
  key: string;
  /** How much. */
  value: number | "NaN" | "Infinity" | "-Infinity";
  /** At which step of training. */
  step: number;
  /** When, in milliseconds since 1970, UTC. */
  timestamp_ms: number;
  /** The dataset it was measured on, where that was said. */
  dataset_name?: string;
  /** The state of that dataset. */
  dataset_digest?: string;
}

/** A model that a run made. */
export interface ModelOutput {
  /** The model's id. */
  model_id: string;
  /** At which step of training. */
  step: number;
}

/** A model that a run made. */
export interface ModelOutputRequest {
  /** The model's id. */
  model_id: string;
  /** At which step of training. */
  step?: number;
}

/** One page of models. */
export interface ModelPage {
  /** What this page holds, in the order asked for. */
  items: ModelResource[];
  /** Asks for the page after this one; null on the last. */
  next_page_token?: string;
}

/** A name under which versions of a model are kept. */
export interface ModelResource {
  /** The name, which is unique in its workspace. */
  name: string;
  /** What people say of it. */
  description?: string;
  /** Whether it is a prompt and not a model. */
  is_prompt: boolean;
  /** When it was registered, in milliseconds since 1970, UTC. */
  created_ms: number;
  /** When it or its versions last changed, in milliseconds since 1970, UTC. */
  updated_ms: number;
  /** How many versions were ever made, the deleted ones among them. */
  version_count: number;
  /** Its tags. */
  tags: Record<string, string>;
  /** Which version each alias means. */
  aliases: Record<string, number>;
  /** The newest version of each stage. */
  latest_versions: VersionResource[];
}

/** What an alias or a stage did. */
export interface MoveResource {
  /** The alias; null where a stage changed. */
  alias?: string;
  /** The version that it meant before, or whose stage changed. */
  from_version?: number;
  /** The version that it means since, or whose stage changed. */
  to_version?: number;
  /** The stage before. */
  from_stage?: VersionStage;
  /** The stage since. */
  to_stage?: VersionStage;
  /** Who did it. */
  actor: string;
  /** When, in milliseconds since 1970, UTC. */
  moved_ms: number;
}

/** A token just made. */
export interface NewToken {
  /** What is kept of it. */
  token: TokenResource;
  /** The token itself. It is told this once. */
  secret: string;
}

/** Somebody's word that these files are wanted in spite of the scan. */
export interface OverrideResource {
  /** Who said so. */
  actor: string;
  /** Why. */
  reason: string;
  /** When, in milliseconds since 1970, UTC. */
  made_ms: number;
}

/** What a workspace demands before a version is promoted. */
export interface PolicyResource {
  /** Grows with each change; given by the server. */
  number: number;
  /** Somebody who manages the model has approved the version. */
  approval: boolean;
  /** Who approves is not who registered the version. */
  four_eyes: boolean;
  /** An evaluation was passed. */
  evaluation: boolean;
  /** A trusted signature covers the files. */
  signature: boolean;
  /** The model or the version has the tag owner. */
  owner: boolean;
  /** Somebody has written the version's card. */
  card: boolean;
  /** The files lie in this server and were scanned. */
  scan: boolean;
  /** Public keys whose signatures count, in PEM form. */
  trusted_keys: string[];
  /** Certificates of authorities whose certificates count, in PEM form. */
  trusted_authorities: string[];
}

/** What a workspace demands before a version is promoted. */
export interface PolicyResourceRequest {
  /** Grows with each change; given by the server. */
  number?: number;
  /** Somebody who manages the model has approved the version. */
  approval?: boolean;
  /** Who approves is not who registered the version. */
  four_eyes?: boolean;
  /** An evaluation was passed. */
  evaluation?: boolean;
  /** A trusted signature covers the files. */
  signature?: boolean;
  /** The model or the version has the tag owner. */
  owner?: boolean;
  /** Somebody has written the version's card. */
  card?: boolean;
  /** The files lie in this server and were scanned. */
  scan?: boolean;
  /** Public keys whose signatures count, in PEM form. */
  trusted_keys?: string[];
  /** Certificates of authorities whose certificates count, in PEM form. */
  trusted_authorities?: string[];
}

/** Asks to purge what has been in the bin for long: it cannot be restored afterwards. */
export interface PurgeRequest {
  /** What went into the bin at this time or before, in milliseconds since 1970, UTC. */
  deleted_before_ms: number;
  /** Only counts what would be purged. */
  dry_run?: boolean;
}

/** What was purged, or would be. */
export interface PurgeResult {
  /** How many experiments. */
  experiments: number;
  /** How many runs. */
  runs: number;
  /** How many logged models. */
  models: number;
}

/** Why files are let through. */
export interface ReasonRequest {
  /** Why. */
  reason: string;
}

/** What changes of a role; null stays as it is. */
export interface RoleChange {
  /** Its new name. */
  name?: string | null;
  /** Its new description. */
  description?: string | null;
}

/** What is said of a role to be made. */
export interface RoleCreate {
  /** Its name. */
  name: string;
  /** What it is for. */
  description?: string | null;
}

/** What is said of a role's grant. */
export interface RoleGrantCreate {
  /** What it is given on. */
  kind: GrantKind;
  /** Which one of the kind; null for all of them, and for the workspace of the role. */
  on?: string | null;
  /** How much it allows. */
  level: AccessLevel;
}

/** A name for grants that several people of one workspace have together. */
export interface RoleResource {
  /** The number that the server gave it. */
  id: number;
  /** The workspace it belongs to. */
  workspace: string;
  /** Its name in the workspace. */
  name: string;
  /** What it is for. */
  description?: string;
  /** What those who have it may do. */
  grants: GrantResource[];
}

/** What changes of a run; null stays as it is. */
export interface RunChange {
  /** What it is doing, or how it ended. */
  status?: RunStatus | null;
  /** When it ended, in milliseconds since 1970, UTC. */
  end_ms?: number | null;
  /** Its new name. */
  name?: string | null;
  /** Another experiment that it moves to. */
  experiment_id?: string | null;
}

/** What is said of a run to be made. The same run may be asked for again: its id tells that it is there. */
export interface RunCreate {
  /** The experiment by id; or see Experiment. */
  experiment_id?: string | null;
  /** The experiment by name, made where there is none. */
  experiment?: string | null;
  /** Its name; null for one that the server makes up. */
  name?: string | null;
  /** Who starts it; null for who asks. */
  user?: string | null;
  /** When it started, in milliseconds since 1970, UTC; null for now. */
  start_ms?: number | null;
  /** Its tags. */
  tags?: Record<string, string>;
}

/** A name, and how many of the runs looked at have it. */
export interface RunFieldCount {
  /** The name. */
  key: string;
  /** How many runs have it. */
  runs: number;
}

/** What the runs of an experiment logged: the names to choose columns from. */
export interface RunFields {
  /** How many runs were looked at: those that changed last. */
  runs: number;
  /** Names of metrics. */
  metrics: RunFieldCount[];
  /** Names of params. */
  params: RunFieldCount[];
  /** Names of tags. */
  tags: RunFieldCount[];
}

/** The runs that have one value of the field. */
export interface RunGroup {
  /** The value; null for the runs that have none. */
  value?: string;
  /** How many runs it has. */
  runs: number;
  /** The latest values of its runs in short; a metric that none of them has is left out. */
  metrics: Record<string, MetricSummary>;
}

/** Asks for runs by what they have in common. */
export interface RunGroupQuery {
  /** The experiments to search; those that do not exist hold no runs. */
  experiment_ids: string[];
  /** The field whose values make the groups: a param, a tag, or an attribute that is a text. */
  by: string;
  /** A condition such as metrics.loss < 0.1; null for all. */
  filter?: string | null;
  /** Whether those in the bin are meant. */
  view?: View;
  /** The metrics to summarise in each group, at most 50. */
  metrics?: string[];
}

/** Groups of runs, the largest first; at most 1000 of them. */
export interface RunGroups {
  /** How many groups there are in all. */
  total: number;
  /** The largest. */
  groups: RunGroup[];
}

/** What a run read and made; what it has already is not added twice. */
export interface RunLinks {
  /** Datasets it read. */
  datasets?: DatasetInputRequest[];
  /** Ids of models it read. */
  model_inputs?: string[];
  /** Models it made. */
  model_outputs?: ModelOutputRequest[];
}

/** What a run logs at once: all of it is stored or nothing. */
export interface RunLog {
  /** Values of metrics, at most 1000. */
  metrics?: MetricEntry[];
  /** Parameters, at most 100; one that was logged before must have the same value. */
  params?: Record<string, string>;
  /** Tags, at most 100; the last value counts. */
  tags?: Record<string, string>;
}

/** Asks for several runs at once. */
export interface RunLookup {
  /** Their ids, at most 1000. */
  ids: string[];
}

/** What a search for runs asks. */
export interface RunQuery {
  /** The experiments to search; those that do not exist hold no runs. */
  experiment_ids: string[];
  /** A condition such as metrics.loss < 0.1 AND params.model = 'gbt'; null for all. */
  filter?: string | null;
  /** Fields such as metrics.loss ASC; newest first where nothing is said. */
  order_by?: string[];
  /** Whether those in the bin are meant. */
  view?: View;
  /** How many runs come at a time, at most 50,000. */
  page_size?: number;
  /** Where to go on, as the page before said it. */
  page_token?: string | null;
  /** How many runs to pass over, for tables that jump to any place; a page token goes before it. */
  offset?: number;
  /** Leaves out runs made after the snapshot of an earlier page, so that rows keep their places. */
  up_to?: string | null;
  /** The only metrics, params and tags to bring, such as metrics.loss; null for all that a run has. */
  fields?: string[] | null;
}

/** One execution of training code, with all it logged except the histories of its metrics. */
export interface RunResource {
  /** Its id: 32 hexadecimal digits. */
  id: string;
  /** The experiment it belongs to. */
  experiment_id: string;
  /** Its name; several runs may have the same. */
  name: string;
  /** Who started it. */
  user: string;
  /** What it is doing, or how it ended. */
  status: RunStatus;
  /** Whether it is in the bin. */
  lifecycle: Lifecycle;
  /** When it started, in milliseconds since 1970, UTC. */
  start_ms: number;
  /** When it ended, in milliseconds since 1970, UTC; null while it works. */
  end_ms?: number;
  /** Where its artifacts are. */
  artifact_uri: string;
  /** The latest value of each metric, by name: that of the highest step. */
  metrics: Record<string, MetricPoint>;
  /** Its parameters, which never change once logged. */
  params: Record<string, string>;
  /** Its tags. */
  tags: Record<string, string>;
  /** The datasets it read. */
  datasets: DatasetInput[];
  /** The ids of the models it read. */
  model_inputs: string[];
  /** The models it made. */
  model_outputs: ModelOutput[];
}

/** One page of a listing. */
export interface RunResourcePage {
  /** What this page holds, in the order asked for. */
  items: RunResource[];
  /** How many there are on all pages together. */
  total: number;
  /** Asks for the page after this one; null on the last. */
  next_page_token?: string;
  /** Names the listing as it stood: given with the next question, what was made since stays out. Null where a listing has none. */
  snapshot?: string;
}

export type RunStatus = "running" | "scheduled" | "finished" | "failed" | "killed";

/** What happened to a run that is followed. */
export interface RunUpdate {
  /** The run as it is now; null where nothing but its metrics changed. */
  run?: RunResource;
  /** Histories from their beginning, in place of what was known of them. */
  series: MetricSeries[];
  /** Points that follow on the histories as they are known. */
  points: MetricSeries[];
}

/** Several runs at once. */
export interface RunsFound {
  /** Those there are, in the order of the ids. */
  runs: RunResource[];
  /** The ids that no run has, or none that the caller may see. */
  missing: string[];
}

/** What a scan said, and of which files. */
export interface ScanResource {
  /** safe, unscannable or unsafe. */
  verdict: string;
  /** One digest for all files, with their names. */
  digest: string;
  /** What was found; a finding whose verdict is safe is a note. */
  findings: FindingResource[];
  /** The files as they were looked at. */
  files: FileResource[];
  /** When, in milliseconds since 1970, UTC. */
  scanned_ms: number;
}

/** Who the server takes the caller for. */
export interface SessionResource {
  /** The user's name. */
  user: string;
  /** The workspace that calls go to. */
  workspace: string;
  /** Whether a browser is signed in by a session that it can end. */
  signed_in: boolean;
}

/** A signature that held when it was given. */
export interface SignatureResource {
  /** The fingerprint of the key, or the subject of the certificate. */
  signer: string;
  /** key or certificate. */
  method: string;
  /** The digest of the files that it covers. */
  digest: string;
  /** Who gave it to the server. */
  actor: string;
  /** When it was given, in milliseconds since 1970, UTC. */
  signed_ms: number;
}

/** All that decides whether a version may be promoted. */
export interface StandingResource {
  /** The model. */
  model: string;
  /** The number of the version. */
  version: number;
  /** pending, approved or rejected. */
  status: string;
  /** What a scan said of the files; null while it is not done. */
  scan?: ScanResource;
  /** Who wants these files in spite of the scan; null where nobody said so. */
  override?: OverrideResource;
  /** What was decided last; null where nobody has. */
  decision?: DecisionResource;
  /** Who signed the files; null where nobody did. */
  signature?: SignatureResource;
  /** How often somebody wrote the version's card. */
  cards: number;
  /** What the workspace demands. */
  policy: PolicyResource;
}

/** What is said of a token to be made. */
export interface TokenCreate {
  /** What it is for. */
  name: string;
  /** Whom it signs in; null for whoever makes it. */
  user?: string | null;
  /** How long it lives, in seconds; null for a token without end. */
  expires_in_s?: number | null;
}

/** A long random text that signs its user in without the password. */
export interface TokenResource {
  /** Its id, by which it is revoked. */
  id: string;
  /** Whom it signs in. */
  user: string;
  /** What it is for. */
  name: string;
  /** The workspace that calls with it work in. */
  workspace: string;
  /** Its first characters. */
  hint: string;
  /** When it was made, in milliseconds since 1970, UTC. */
  created_ms: number;
  /** From when on it is refused, in milliseconds since 1970, UTC; null for one without end. */
  expires_ms?: number;
}

/** What changes of a user; null stays as it is. */
export interface UserChange {
  /** Its new password. */
  password?: string | null;
  /** Whether it may do everything, in every workspace. */
  is_admin?: boolean | null;
}

/** What is said of a user to be added. */
export interface UserCreate {
  /** Its name. */
  name: string;
  /** Its password, of twelve characters at least. */
  password: string;
  /** What it may do in the workspace of the call. */
  level?: AccessLevel;
  /** Whether it may do everything, in every workspace. */
  is_admin?: boolean;
}

/** A person or a program that signs in. */
export interface UserResource {
  /** The number that the server gave it. */
  id: number;
  /** Its name, which nobody else has. */
  name: string;
  /** Whether it may do everything, in every workspace. */
  is_admin: boolean;
  /** When it was added, in milliseconds since 1970, UTC. */
  created_ms: number;
}

/** A signature that holds over the files as they are now. */
export interface VerifiedResource {
  /** The fingerprint of the key, or the subject of the certificate. */
  signer: string;
  /** key or certificate. */
  method: string;
  /** The digest that the signature gives the model as a whole. */
  root_digest: string;
  /** How many files it covers. */
  files: number;
}

/** What changes of a version; what is left out stays as it is. */
export interface VersionChange {
  /** Another description. */
  description?: string | null;
  /** Another stage. */
  stage?: VersionStage | null;
  /** Archives the other versions of the stage. */
  archive_others?: boolean;
  /** Tags to set. */
  tags?: Record<string, string>;
}

/** What is said of a version to be made. */
export interface VersionCreate {
  /** Where its files are: runs:/RUN/path, models:/m-ID of a logged model, models:/NAME/VERSION of another version, or an address of a store. */
  source: string;
  /** The run that made it. */
  run_id?: string;
  /** The logged model that is registered. */
  logged_model_id?: string;
  /** What people say of it. */
  description?: string | null;
  /** Its tags. */
  tags?: Record<string, string>;
}

/** The files of a version, by their digests. */
export interface VersionDigests {
  /** How far they are known. */
  state: FilesState;
  /** One digest of all of them. */
  digest?: string;
  /** How large they are together. */
  size_bytes: number;
  /** Each of them, by path. */
  files: FileDigest[];
}

/** Where a version comes from, as it was when it was registered. */
export interface VersionOriginResource {
  /** The run that made it; often empty. */
  run_id: string;
  /** What the run was called. */
  run_name?: string;
  /** The experiment of the run. */
  experiment_id?: string;
  /** The version whose files these are, as name/number, where it was copied from one. */
  copied_from?: string;
  /** The run of a pipeline that the run was part of. */
  pipeline_run_id?: string;
  /** The program that ran. */
  code_name?: string;
  /** The repository of its code. */
  code_repository?: string;
  /** The branch of its code. */
  code_branch?: string;
  /** The commit of its code. */
  code_commit?: string;
  /** What differed from the commit. */
  code_diff?: string;
  /** The data that the run read. */
  datasets: DatasetUse[];
  /** The files that say in which environment the model runs, by name. */
  environment: Record<string, string>;
  /** The kinds of program that can load it. */
  flavors: string[];
  /** The schema of what goes in, as JSON in MLflow's form. */
  signature_inputs?: string;
  /** The schema of what comes out. */
  signature_outputs?: string;
  /** The schema of parameters. */
  signature_params?: string;
}

/** One page of versions. */
export interface VersionPage {
  /** What this page holds, in the order asked for. */
  items: VersionResource[];
  /** Asks for the page after this one; null on the last. */
  next_page_token?: string;
}

/** One model under a registered name, for good. */
export interface VersionResource {
  /** The model it is a version of. */
  model: string;
  /** Its number, counted from 1 within the model. */
  version: number;
  /** What people say of it. */
  description?: string;
  /** Its stage. */
  stage: VersionStage;
  /** Where it came from, as whoever registered it said. */
  source: string;
  /** Where its files lie. */
  artifact_uri: string;
  /** How far its files are known. */
  files: FilesState;
  /** One digest of all its files: that of the list which sha256sum prints of them, sorted by path; null until they are noted. */
  digest?: string;
  /** The run that made it; often empty. */
  run_id: string;
  /** The logged model that was registered; often empty. */
  logged_model_id: string;
  /** Who registered it. */
  created_by: string;
  /** When it was registered, in milliseconds since 1970, UTC. */
  created_ms: number;
  /** When it last changed, in milliseconds since 1970, UTC. */
  updated_ms: number;
  /** Its tags. */
  tags: Record<string, string>;
  /** The aliases that mean it; left out in lists. */
  aliases: string[];
}

export type VersionStage = "none" | "staging" | "production" | "archived";

export type View = "active" | "deleted" | "all";

/** What is to change of a webhook; what is absent stays. */
export interface WebhookChange {
  /** What people call it. */
  name?: string | null;
  /** What is called. */
  url?: string | null;
  /** What it is told of. */
  events?: string[] | null;
  /** What it is for. */
  description?: string | null;
  /** Signs what it is told. */
  secret?: string | null;
  /** False switches it off: nothing is written down for it, and what waits goes on waiting. */
  active?: boolean | null;
}

/** What is said of a webhook to be made. */
export interface WebhookCreate {
  /** What people call it. */
  name: string;
  /** What is called: https, and public unless the server was told otherwise. */
  url: string;
  /** What it is told of, such as MODEL_VERSION.CREATED. */
  events: string[];
  /** What it is for. */
  description?: string | null;
  /** Signs what it is told; never given out. */
  secret?: string | null;
}

/** An address outside that is told what happens to models. */
export interface WebhookResource {
  /** Its id. */
  id: string;
  /** What people call it. */
  name: string;
  /** What it is for. */
  description?: string;
  /** What is called. */
  url: string;
  /** What it is told of, such as MODEL_VERSION.CREATED. */
  events: string[];
  /** Whether it is told anything at the moment. */
  active: boolean;
  /** Whether what it is told is signed. */
  has_secret: boolean;
  /** How many attempts in a row have failed. */
  failures: number;
  /** Until when it is left alone after a failure, in milliseconds since 1970, UTC. */
  rests_until_ms?: number;
  /** When it was made, in milliseconds since 1970, UTC. */
  created_ms: number;
  /** When it was last changed, in milliseconds since 1970, UTC. */
  updated_ms: number;
}

/** What came back from a test. */
export interface WebhookTrial {
  /** Whether the receiver took it. */
  success: boolean;
  /** The status of the answer. */
  status?: number;
  /** The beginning of the answer. */
  body?: string;
  /** Why there was no answer. */
  failure?: string;
}

/** What changes of a workspace. */
export interface WorkspaceChange {
  /** What it is for. */
  description: string;
}

/** What is said of a workspace to be made. */
export interface WorkspaceCreate {
  /** Its name: lower-case letters, digits and hyphens. */
  name: string;
  /** What it is for. */
  description?: string;
}

/** Holds experiments, models and all that belongs to them; what is in one does not exist for another. */
export interface WorkspaceResource {
  /** Its name. */
  name: string;
  /** What it is for. */
  description: string;
  /** When it was made, in milliseconds since 1970, UTC. */
  created_ms: number;
}
