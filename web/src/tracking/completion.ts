import type { RunFields } from "../api/tracking";
import { type FieldKind, inGrammar, isOwnTag } from "./fields";

const attributeNames = [
  "attributes.run_name",
  "attributes.status",
  "attributes.start_time",
  "attributes.end_time",
  "attributes.duration",
  "attributes.user_id",
  "attributes.run_id",
  "datasets.name",
  "datasets.digest",
  "datasets.context",
];
const most = 8;

/** The word that is being written: it ends at the caret and is no part of a text in quotes. */
function wordAt(text: string, caret: number): string {
  const before = text.slice(0, caret);
  if ((before.match(/'/g)?.length ?? 0) % 2 === 1) return "";
  return /[\w.`/-]*$/.exec(before)?.[0] ?? "";
}

export function suggestionsFor(text: string, caret: number, fields: RunFields | undefined): string[] {
  const word = wordAt(text, caret).replaceAll("`", "").toLowerCase();
  if (word === "") return [];
  const named = (["metrics", "params", "tags"] satisfies FieldKind[]).flatMap((kind) =>
    (fields?.[kind] ?? [])
      .filter((field) => kind !== "tags" || !isOwnTag(field.key) || word.includes("mlflow"))
      .map((field) => inGrammar(kind, field.key)),
  );
  const extremes = (fields?.metrics ?? []).flatMap((field) => [
    inGrammar("lowest", field.key),
    inGrammar("highest", field.key),
  ]);
  // Only who begins to write them means them: else each metric would be offered three times.
  const meant = extremes.filter((name) => name.startsWith(word));
  return [...named, ...attributeNames, ...meant]
    .map((name) => ({ name, at: name.replaceAll("`", "").toLowerCase().indexOf(word) }))
    .filter(({ name, at }) => at >= 0 && name.replaceAll("`", "").toLowerCase() !== word)
    .sort((a, b) => a.at - b.at || a.name.length - b.name.length)
    .slice(0, most)
    .map(({ name }) => name);
}

export function complete(text: string, caret: number, suggestion: string): { text: string; caret: number } {
  const start = caret - wordAt(text, caret).length;
  const after = text.slice(caret);
  const next = `${text.slice(0, start)}${suggestion}${after.startsWith(" ") ? "" : " "}`;
  return { text: next + after, caret: next.length };
}
