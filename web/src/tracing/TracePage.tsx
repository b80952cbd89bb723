import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { Card } from "../kit/Card";
import { KeyTable } from "../kit/KeyTable";
import { FaultView, SkeletonLines } from "../kit/States";
import { Copyable, When } from "../kit/Words";
import { count, duration } from "../kit/words";
import { Page } from "../shell/Page";
import { SpanDetail } from "./SpanDetail";
import { SpanTree } from "./SpanTree";
import { TraceState } from "./TraceState";
import { type Assessment, durationMs, oneLine, readTrace, tokensOf, type TraceHead } from "./traces";
import styles from "./TracePage.module.css";

const route = getRouteApi("/traces/$traceId");

export function TracePage() {
  const { traceId } = route.useParams();
  const { span } = route.useSearch();
  const navigate = route.useNavigate();
  const trace = useQuery({
    queryKey: ["trace", traceId],
    queryFn: ({ signal }) => readTrace(traceId, signal),
    refetchInterval: (query) => (query.state.data?.head.state === "IN_PROGRESS" ? 1000 : false),
  });
  if (trace.error) return <FaultView error={trace.error} retry={() => void trace.refetch()} />;
  const crumbs = [{ title: "Traces", to: "/traces" }];
  if (!trace.data)
    return (
      <Page title="Trace" heading="…" crumbs={crumbs}>
        <SkeletonLines />
      </Page>
    );
  const { head, spans } = trace.data;
  const chosen = spans.find((one) => one.id === span) ?? spans[0];
  return (
    <Page title={spans[0]?.name ?? "Trace"} crumbs={crumbs}>
      <Facts head={head} spans={spans.length} />
      <div className={styles["parts"]}>
        <SpanTree
          spans={spans}
          chosen={chosen?.id}
          onChoose={(id) => void navigate({ search: (before) => ({ ...before, span: id }), replace: true })}
        />
        {chosen && <SpanDetail key={chosen.id} span={chosen} />}
      </div>
      {(head.assessments ?? []).length > 0 && <Assessments all={head.assessments!} />}
    </Page>
  );
}

function Facts({ head, spans }: { head: TraceHead; spans: number }) {
  const took = durationMs(head.execution_duration);
  const tokens = tokensOf(head);
  const experiment = head.trace_location?.mlflow_experiment?.experiment_id;
  const run = head.trace_metadata?.["mlflow.sourceRun"];
  return (
    <dl className={styles["facts"]}>
      <div>
        <dt>State</dt>
        <dd>
          <TraceState state={head.state} />
        </dd>
      </div>
      <div>
        <dt>Started</dt>
        <dd>
          <When ms={head.request_time ? Date.parse(head.request_time) : undefined} />
        </dd>
      </div>
      <div>
        <dt>Duration</dt>
        <dd>{took === undefined ? "–" : duration(took)}</dd>
      </div>
      <div>
        <dt>Spans</dt>
        <dd>{count(spans)}</dd>
      </div>
      {tokens !== undefined && (
        <div>
          <dt>Tokens</dt>
          <dd>{count(tokens)}</dd>
        </div>
      )}
      {experiment && (
        <div>
          <dt>Experiment</dt>
          <dd>
            <Link to="/traces" search={{ experiment }}>
              {experiment}
            </Link>
          </dd>
        </div>
      )}
      {run && (
        <div>
          <dt>Run</dt>
          <dd>
            <Link to="/runs/$runId" params={{ runId: run }}>
              {run.slice(0, 8)}
            </Link>
          </dd>
        </div>
      )}
      <div>
        <dt>Trace id</dt>
        <dd>
          <Copyable text={head.trace_id} label="trace id" />
        </dd>
      </div>
    </dl>
  );
}

function Assessments({ all }: { all: readonly Assessment[] }) {
  return (
    <Card title="Assessments" count={count(all.length)} flush>
      <KeyTable
        label="Assessments"
        empty=""
        rows={all.map((one, i) => {
          const value = oneLine(one.feedback?.value ?? one.expectation?.value);
          const by = [one.source?.source_type?.toLowerCase(), one.source?.source_id].filter(Boolean).join(" ");
          return {
            key: `${one.assessment_name ?? "assessment"}${all.findIndex((other) => other.assessment_name === one.assessment_name) === i ? "" : ` (${i})`}`,
            text: value,
            value: (
              <>
                {value}
                {one.rationale && <p className={styles["quiet"]}>{one.rationale}</p>}
                {by && <p className={styles["quiet"]}>by {by}</p>}
              </>
            ),
          };
        })}
      />
    </Card>
  );
}
