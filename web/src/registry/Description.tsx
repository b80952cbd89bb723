import { useState } from "react";
import { Button, IconButton } from "../kit/Button";
import { Card } from "../kit/Card";
import { TextArea } from "../kit/Field";
import { Markdown } from "../kit/Markdown";
import { tellFault } from "../kit/Toasts";
import styles from "./Registry.module.css";

export function Description({ text, onSave }: { text: string; onSave: (text: string) => Promise<unknown> }) {
  const [draft, setDraft] = useState<string>();
  if (draft === undefined)
    return (
      <Card
        title="Description"
        actions={<IconButton icon="edit" label="Edit the description" onClick={() => setDraft(text)} />}
      >
        {text === "" ? (
          <p className={styles["quiet"]}>What it is for, what it was made from, and what it must not be used for.</p>
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
          void onSave(draft).then(() => setDraft(undefined), tellFault);
        }}
      >
        <TextArea
          label="Markdown"
          rows={10}
          autoFocus
          value={draft}
          onChange={(event) => setDraft(event.target.value)}
        />
        <footer>
          <Button onClick={() => setDraft(undefined)}>Cancel</Button>
          <Button kind="primary" type="submit">
            Save
          </Button>
        </footer>
      </form>
    </Card>
  );
}
