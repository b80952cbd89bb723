// A reader of the Markdown that people write in descriptions: headings, lists, quotes, code, tables of pipes, emphasis,
// links. It makes elements and never HTML, so whatever a text contains can only be shown. What it does not know stays text.
import { Fragment, type ReactNode } from "react";
import styles from "./Markdown.module.css";

export function Markdown({ text }: { text: string }) {
  return <div className={styles["markdown"]}>{blocks(text.replaceAll("\r\n", "\n").split("\n"))}</div>;
}

const listItem = /^\s*(?:[-*+]|\d+[.)])\s+/;

function blocks(lines: readonly string[]): ReactNode[] {
  const made: ReactNode[] = [];
  let at = 0;
  const take = (belongs: (line: string) => boolean): string[] => {
    const start = at;
    while (at < lines.length && belongs(lines[at]!)) at++;
    return lines.slice(start, at);
  };
  while (at < lines.length) {
    const line = lines[at]!;
    const key = at;
    const heading = /^(#{1,6})\s+(.*)$/.exec(line);
    if (line.trim() === "") at++;
    else if (/^\s*(```|~~~)/.test(line)) {
      at++;
      const code = take((next) => !/^\s*(```|~~~)/.test(next));
      at++;
      made.push(
        <pre key={key} tabIndex={0}>
          {code.join("\n")}
        </pre>,
      );
    } else if (heading) {
      at++;
      const Level = heading[1]!.length === 1 ? "h3" : "h4";
      made.push(<Level key={key}>{inline(heading[2]!)}</Level>);
    } else if (/^\s*([-*_])(\s*\1){2,}\s*$/.test(line)) {
      at++;
      made.push(<hr key={key} />);
    } else if (/^\s*>/.test(line)) {
      const quoted = take((next) => /^\s*>/.test(next)).map((next) => next.replace(/^\s*> ?/, ""));
      made.push(<blockquote key={key}>{blocks(quoted)}</blockquote>);
    } else if (listItem.test(line)) {
      const List = /^\s*\d/.test(line) ? "ol" : "ul";
      const items = take((next) => listItem.test(next) || /^\s{2,}\S/.test(next));
      made.push(<List key={key}>{listItems(items)}</List>);
    } else if (line.includes("|") && /^[\s|:-]+$/.test(lines[at + 1] ?? "") && lines[at + 1]!.includes("-")) {
      made.push(<PipeTable key={key} lines={take((next) => next.includes("|"))} />);
    } else {
      const paragraph = take(
        (next) => next.trim() !== "" && !/^(#{1,6}\s|\s*(```|~~~|>))/.test(next) && !listItem.test(next),
      );
      made.push(<p key={key}>{inline(paragraph.join("\n"))}</p>);
    }
  }
  return made;
}

function listItems(lines: readonly string[]): ReactNode[] {
  const items: string[] = [];
  for (const line of lines) {
    if (listItem.test(line)) items.push(line.replace(listItem, ""));
    else items[items.length - 1] += ` ${line.trim()}`;
  }
  return items.map((item, i) => <li key={i}>{inline(item)}</li>);
}

function PipeTable({ lines }: { lines: readonly string[] }) {
  const cells = (line: string) =>
    line
      .trim()
      .replace(/^\||\|$/g, "")
      .split("|");
  const [head, , ...rows] = lines;
  return (
    <table>
      <thead>
        <tr>
          {cells(head!).map((cell, i) => (
            <th key={i} scope="col">
              {inline(cell.trim())}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row, i) => (
          <tr key={i}>
            {cells(row).map((cell, j) => (
              <td key={j}>{inline(cell.trim())}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const marks =
  /(`+)(.+?)\1|\*\*(.+?)\*\*|__(.+?)__|\*([^\s*].*?)\*|~~(.+?)~~|!?\[([^\]]*)\]\(([^)\s]+)[^)]*\)|(https?:\/\/[^\s<>)]+)/s;

function inline(text: string): ReactNode {
  const found = marks.exec(text);
  if (!found) return text;
  const [whole, , code, bold, alsoBold, italic, struck, label, target, address] = found;
  const made =
    code !== undefined ? (
      <code>{code}</code>
    ) : bold !== undefined || alsoBold !== undefined ? (
      <strong>{inline((bold ?? alsoBold)!)}</strong>
    ) : italic !== undefined ? (
      <em>{inline(italic)}</em>
    ) : struck !== undefined ? (
      <s>{inline(struck)}</s>
    ) : address !== undefined ? (
      <Outward to={address}>{address}</Outward>
    ) : (
      <Outward to={target!}>{label === "" ? target : inline(label!)}</Outward>
    );
  return (
    <Fragment>
      {text.slice(0, found.index)}
      {made}
      {inline(text.slice(found.index + whole.length))}
    </Fragment>
  );
}

/** Leads only to pages of the web; any other scheme stays text. Pictures become links: they would tell others who reads. */
function Outward({ to, children }: { to: string; children: ReactNode }) {
  if (!/^https?:\/\//i.test(to) && !/^\/(?!\/)/.test(to)) return <span>{children}</span>;
  return (
    <a href={to} rel="noreferrer noopener" target="_blank">
      {children}
    </a>
  );
}
