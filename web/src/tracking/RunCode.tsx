import type { Run } from "../api/tracking";
import { Card } from "../kit/Card";
import { readDiff } from "../kit/diff";
import { DiffView } from "../kit/DiffView";
import { KeyTable } from "../kit/KeyTable";
import { Empty, FaultView, SkeletonLines } from "../kit/States";
import { useRunCode } from "./runCode";
import artifacts from "./RunArtifacts.module.css";
import styles from "./RunPage.module.css";

/** Where the code of the run came from, what was changed and not committed, and what it ran with. */
export function RunCode({ run }: { run: Run }) {
  const code = useRunCode(run);
  if (code.error) return <FaultView error={code.error} retry={() => void code.refetch()} />;
  if (!code.data) return <SkeletonLines />;
  const { facts, diff, environment } = code.data;
  if (facts.length === 0 && !diff && environment.length === 0)
    return (
      <Empty icon="file" title="Nothing is recorded of the code">
        <p>
          Clients record the commit when they run inside a repository. A file that ends in .diff or .patch, and
          requirements.txt or conda.yaml, show here when they are logged as artifacts.
        </p>
      </Empty>
    );
  return (
    <div className={styles["column"]}>
      {facts.length > 0 && (
        <Card title="Source" flush>
          <KeyTable
            label="Where the code came from"
            empty=""
            rows={facts.map(([key, text]) => ({ key, text, value: text }))}
          />
        </Card>
      )}
      {diff && (
        <Card title="Changed since the commit" count={diff.path} flush>
          <DiffView label="Changed since the commit" lines={readDiff(diff.text)} />
        </Card>
      )}
      {environment.map((file) => (
        <Card key={file.path} title={file.path} flush>
          <pre className={artifacts["code"]} tabIndex={0} aria-label={file.path}>
            {file.text}
          </pre>
        </Card>
      ))}
    </div>
  );
}
