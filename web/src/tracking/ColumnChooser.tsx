import { useState } from "react";
import type { RunFields } from "../api/tracking";
import { Button, IconButton } from "../kit/Button";
import { Checkbox, TextField } from "../kit/Field";
import { Popover } from "../kit/Overlay";
import { count } from "../kit/words";
import { type Attribute, attributes, type FieldKind, fieldId, isOwnTag } from "./fields";
import styles from "./ColumnChooser.module.css";

const shownAtOnce = 100;

/** Which columns a table of runs has. Those chosen stand in the order of the table and can be moved. */
export function ColumnChooser({
  columns,
  fields,
  onChange,
  onReset,
}: {
  columns: readonly string[];
  fields: RunFields | undefined;
  onChange: (columns: string[]) => void;
  onReset: () => void;
}) {
  const [text, setText] = useState("");
  const toggle = (id: string) =>
    onChange(columns.includes(id) ? columns.filter((column) => column !== id) : [...columns, id]);
  const groups = groupsOf(fields, text.trim().toLowerCase());
  return (
    <Popover label="Choose columns" icon="columns" shown="Columns">
      {() => (
        <div className={styles["chooser"]}>
          <div className={styles["top"]}>
            <TextField
              label="Find a column"
              hideLabel
              placeholder="Find a column"
              autoFocus
              value={text}
              onChange={(event) => setText(event.target.value)}
            />
          </div>
          <div className={styles["list"]} tabIndex={0} role="region" aria-label="Columns">
            {groups.map(({ title, items }) => (
              <fieldset key={title}>
                <legend>
                  {title} <span>{count(items.length)}</span>
                </legend>
                {items.slice(0, shownAtOnce).map((item) => (
                  <div key={item.id} className={styles["item"]}>
                    <Checkbox label={item.title} checked={columns.includes(item.id)} onChange={() => toggle(item.id)} />
                    {columns.indexOf(item.id) > 0 && (
                      <IconButton
                        icon="up"
                        label={`Move ${item.title} to the left`}
                        onClick={() => onChange(moveLeft(columns, item.id))}
                      />
                    )}
                  </div>
                ))}
                {items.length > shownAtOnce && <p>{count(items.length - shownAtOnce)} more: find them by name.</p>}
              </fieldset>
            ))}
            {groups.length === 0 && <p>No column has “{text}” in its name.</p>}
          </div>
          <div className={styles["foot"]}>
            <Button kind="quiet" icon="reset" onClick={onReset}>
              As usual
            </Button>
            <span>{count(columns.length)} chosen</span>
          </div>
        </div>
      )}
    </Popover>
  );
}

function groupsOf(fields: RunFields | undefined, text: string) {
  const matching = (items: { id: string; title: string }[]) =>
    items.filter((item) => item.title.toLowerCase().includes(text));
  const keys = (kind: FieldKind, own: boolean) =>
    (fields?.[kind] ?? [])
      .filter((field) => kind !== "tags" || isOwnTag(field.key) === own)
      .map((field) => ({ id: fieldId(kind, field.key), title: field.key }));
  return [
    {
      title: "Every run",
      items: matching((Object.keys(attributes) as Attribute[]).map((id) => ({ id, title: attributes[id].title }))),
    },
    { title: "Metrics", items: matching(keys("metrics", false)) },
    { title: "Params", items: matching(keys("params", false)) },
    { title: "Tags", items: matching(keys("tags", false)) },
    { title: "Tags of clients", items: matching(keys("tags", true)) },
  ].filter((group) => group.items.length > 0);
}

function moveLeft(columns: readonly string[], id: string): string[] {
  const at = columns.indexOf(id);
  return columns.map((column, i) => (i === at - 1 ? id : i === at ? columns[at - 1]! : column));
}
