import { useState } from "react";
import { type Run, toNumber } from "../api/tracking";
import { Button, IconButton } from "../kit/Button";
import { Card } from "../kit/Card";
import { TextArea } from "../kit/Field";
import { KeyTable } from "../kit/KeyTable";
import { Markdown } from "../kit/Markdown";
import { count, number } from "../kit/words";
import { isOwnTag } from "./fields";
import { useRunChange } from "./runData";
import { TagDialog } from "./TagDialog";
import styles from "./RunPage.module.css";

const noteTag = "mlflow.note.content";

export function RunOverview({ run }: { run: Run }) {
  const metrics = Object.entries(run.metrics).sort(([a], [b]) => a.localeCompare(b));
  const params = Object.entries(run.params).sort(([a], [b]) => a.localeCompare(b));
  return (
    <div className={styles["columns"]}>
      <div className={styles["column"]}>
        <Description run={run} />
        <Card title="Metrics" count={count(metrics.length)} flush>
          <KeyTable
            label="Metrics"
            empty="This run has logged no metric yet."
            rows={metrics.map(([key, point]) => ({
              key,
              text: String(point.value),
              isNumber: true,
              value: (
                <span className={styles["metric"]} title={String(point.value)}>
                  {number(toNumber(point.value))}
                  {point.step !== 0 && <small>step {count(point.step)}</small>}
                </span>
              ),
            }))}
          />
        </Card>
      </div>
      <div className={styles["column"]}>
        <Card title="Params" count={count(params.length)} flush>
          <KeyTable
            label="Params"
            empty="This run has logged no param."
            rows={params.map(([key, text]) => ({ key, text, value: text }))}
          />
        </Card>
        <Tags run={run} />
      </div>
    </div>
  );
}

function Description({ run }: { run: Run }) {
  const text = run.tags[noteTag] ?? "";
  const change = useRunChange(run.id);
  const [draft, setDraft] = useState<string>();
  if (draft === undefined)
    return (
      <Card
        title="Description"
        actions={<IconButton icon="edit" label="Edit the description" onClick={() => setDraft(text)} />}
      >
        {text === "" ? (
          <p className={styles["quiet"]}>What was tried here, and what came of it.</p>
        ) : (
          <Markdown text={text} />
        )}
      </Card>
    );
  return (
    <Card title="Description">
      <form
        className={styles["form"]}
        onSubmit={(event) => {
          event.preventDefault();
          change.mutate({ tags: { [noteTag]: draft } }, { onSuccess: () => setDraft(undefined) });
        }}
      >
        <TextArea
          label="Markdown"
          rows={8}
          autoFocus
          value={draft}
          onChange={(event) => setDraft(event.target.value)}
        />
        <footer>
          <Button onClick={() => setDraft(undefined)}>Cancel</Button>
          <Button kind="primary" type="submit" disabled={change.isPending}>
            Save
          </Button>
        </footer>
      </form>
    </Card>
  );
}

function Tags({ run }: { run: Run }) {
  const change = useRunChange(run.id);
  const [adding, setAdding] = useState(false);
  const [ofClients, setOfClients] = useState(false);
  const all = Object.entries(run.tags).sort(([a], [b]) => a.localeCompare(b));
  const shown = all.filter(([key]) => ofClients || !isOwnTag(key));
  return (
    <Card
      title="Tags"
      count={count(shown.length)}
      flush
      actions={
        <>
          <Button kind="quiet" aria-pressed={ofClients} onClick={() => setOfClients(!ofClients)}>
            Those of clients
          </Button>
          <IconButton icon="plus" label="Add a tag" onClick={() => setAdding(true)} />
        </>
      }
    >
      <KeyTable
        label="Tags"
        empty="No tag."
        rows={shown.map(([key, text]) => ({
          key,
          text,
          value: (
            <span className={styles["value"]}>
              <span>{text}</span>
              <IconButton
                icon="close"
                label={`Remove the tag ${key}`}
                onClick={() => change.mutate({ removeTag: key })}
              />
            </span>
          ),
        }))}
      />
      {adding && (
        <TagDialog
          title="Add a tag"
          known={run.tags}
          onSave={(key, value) => change.mutateAsync({ tags: { [key]: value } })}
          onClose={() => setAdding(false)}
        />
      )}
    </Card>
  );
}
