import { useState } from "react";
import type { RunFields } from "../api/tracking";
import { Button, IconButton } from "../kit/Button";
import { Checkbox, TextField } from "../kit/Field";
import { Popover } from "../kit/Overlay";
import { count } from "../kit/words";
import { type Attribute, aspects, attributes, fieldOf, type FieldKind, fieldId, isOwnTag } from "./fields";
import styles from "./ColumnChooser.module.css";

const shownAtOnce = 100;

/** Which columns a table of runs has. Those chosen stand in the order of the table and can be moved. */
export function ColumnChooser({
  columns,
  pinned,
  fields,
  onChange,
  onPin,
  onReset,
}: {
  columns: readonly string[];
  /** Those that stay in view when the table is moved sideways. */
  pinned: readonly string[];
  fields: RunFields | undefined;
  onChange: (columns: string[]) => void;
  onPin: (pinned: string[]) => void;
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
                    {columns.includes(item.id) && (
                      <IconButton
                        icon="pin"
                        label={`Pin ${item.title}`}
                        aria-pressed={pinned.includes(item.id)}
                        onClick={() => onPin(without(pinned, item.id))}
                      />
                    )}
                    {columns.indexOf(item.id) > 0 && (
                      <IconButton
                        icon="up"
                        label={`Move ${item.title} to the left`}
                        onClick={() => onChange(moveLeft(columns, item.id))}
                      />
                    )}
                    {fieldOf(item.id).kind === "metrics" && (
                      <Aspects metric={item.title} columns={columns} onToggle={toggle} />
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

/** The best, the least and the most that a metric was have columns of their own. */
function Aspects({
  metric,
  columns,
  onToggle,
}: {
  metric: string;
  columns: readonly string[];
  onToggle: (id: string) => void;
}) {
  return (
    <span className={styles["aspects"]}>
      {aspects.map((aspect) => (
        <button
          key={aspect}
          type="button"
          aria-pressed={columns.includes(`${aspect}.${metric}`)}
          aria-label={`${aspect} of ${metric}`}
          onClick={() => onToggle(`${aspect}.${metric}`)}
        >
          {aspect}
        </button>
      ))}
    </span>
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

/** The list without the item, or with it where it was not there. */
function without(list: readonly string[], item: string): string[] {
  return list.includes(item) ? list.filter((one) => one !== item) : [...list, item];
}

function moveLeft(columns: readonly string[], id: string): string[] {
  const at = columns.indexOf(id);
  return columns.map((column, i) => (i === at - 1 ? id : i === at ? columns[at - 1]! : column));
}
