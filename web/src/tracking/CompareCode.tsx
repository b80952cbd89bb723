import type { Run } from "../api/tracking";
import { Card } from "../kit/Card";
import { diffLines, withoutSame } from "../kit/diff";
import { DiffView } from "../kit/DiffView";
import { Select } from "../kit/Field";
import { Empty, FaultView, SkeletonLines } from "../kit/States";
import { type RunCode, useRunCode } from "./runCode";
import runPage from "./RunPage.module.css";
import styles from "./ComparePage.module.css";

/** What differs in the code and the environment of two runs. */
export function CompareCode({
  runs,
  left,
  right,
  onChange,
}: {
  runs: readonly Run[];
  left: string | undefined;
  right: string | undefined;
  onChange: (part: { left?: string; right?: string }) => void;
}) {
  const before = runs.find((run) => run.id === left) ?? runs[0];
  const after = runs.find((run) => run.id === right) ?? runs.find((run) => run !== before);
  const [old, next] = [useRunCode(before), useRunCode(after)];
  if (!before || !after) return <Empty icon="compare" title="It takes two runs to tell what differs" />;
  const options = runs.map((run) => ({ value: run.id, label: run.name }));
  const fault = old.error ?? next.error;
  return (
    <>
      <div className={styles["bar"]}>
        <Select label="From" options={options} value={before.id} onChange={(id) => onChange({ left: id })} />
        <span>to</span>
        <Select label="To" options={options} value={after.id} onChange={(id) => onChange({ right: id })} />
      </div>
      {fault ? (
        <FaultView
          error={fault}
          retry={() => {
            void old.refetch();
            void next.refetch();
          }}
        />
      ) : old.data && next.data ? (
        <Differences before={textsOf(old.data)} after={textsOf(next.data)} />
      ) : (
        <SkeletonLines lines={8} />
      )}
    </>
  );
}

function Differences({ before, after }: { before: Map<string, string>; after: Map<string, string> }) {
  const titles = [...new Set([...before.keys(), ...after.keys()])];
  if (titles.length === 0)
    return (
      <Empty icon="file" title="Nothing is recorded of the code of these runs">
        <p>Clients record the commit; requirements.txt, conda.yaml and .diff files show when they are logged.</p>
      </Empty>
    );
  return (
    <div className={runPage["column"]}>
      {titles.map((title) => {
        const [old, next] = [before.get(title) ?? "", after.get(title) ?? ""];
        return (
          <Card key={title} title={title} count={old === next ? "the same" : undefined} flush>
            {old !== next && <DiffView label={title} lines={withoutSame(diffLines(old, next))} />}
          </Card>
        );
      })}
    </div>
  );
}

function textsOf(code: RunCode): Map<string, string> {
  const texts = new Map<string, string>();
  if (code.facts.length > 0) texts.set("Source", code.facts.map(([title, text]) => `${title}: ${text}`).join("\n"));
  if (code.diff) texts.set("Changed since the commit", code.diff.text);
  for (const file of code.environment) texts.set(file.path, file.text);
  return texts;
}
