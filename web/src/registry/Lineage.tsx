import { createLink } from "@tanstack/react-router";
import type { ComponentProps } from "react";
import type { Run } from "../api/tracking";
import type { ModelVersion } from "./registry";
import styles from "./Registry.module.css";

interface Node {
  kind: string;
  text: string;
  to?: string;
  isHere?: boolean;
}

const [width, height, gapX, gapY] = [168, 44, 48, 12];
const longest = 24;
const SvgLink = createLink((props: ComponentProps<"a">) => <a {...props} />);

/** From the data through the run to the version and the names by which it is asked for, from left to right. */
export function Lineage({ version, run }: { version: ModelVersion; run: Run | undefined }) {
  const layers: Node[][] = [
    (run?.datasets ?? []).map((dataset) => ({ kind: "data", text: `${dataset.name} ${dataset.digest}` })),
    [
      run
        ? { kind: "run", text: run.name, to: `/runs/${run.id}` }
        : { kind: version.run_id ? "run" : "source", text: version.run_id || version.source },
    ],
    [{ kind: "version", text: `${version.name} ${version.version}`, isHere: true }],
    (version.aliases ?? []).map((alias) => ({ kind: "alias", text: alias })),
  ].filter((layer) => layer.length > 0);
  const most = Math.max(...layers.map((layer) => layer.length));
  const total = { width: layers.length * (width + gapX) - gapX, height: most * (height + gapY) - gapY };
  const left = (layer: number) => layer * (width + gapX);
  const top = (layer: number, i: number) =>
    (total.height - (layers[layer]!.length * (height + gapY) - gapY)) / 2 + i * (height + gapY);
  return (
    <div className={styles["lineage"]} tabIndex={0} role="region" aria-label="Lineage">
      <svg style={{ maxWidth: total.width + 4 }} viewBox={`-2 -2 ${total.width + 4} ${total.height + 4}`}>
        {layers.slice(1).flatMap((layer, i) =>
          layers[i]!.flatMap((_, from) =>
            layer.map((_, to) => {
              const [x, y] = [left(i) + width, top(i, from) + height / 2];
              const [nextX, nextY] = [left(i + 1), top(i + 1, to) + height / 2];
              const middle = (x + nextX) / 2;
              return (
                <path key={`${i} ${from} ${to}`} d={`M${x} ${y}C${middle} ${y} ${middle} ${nextY} ${nextX} ${nextY}`} />
              );
            }),
          ),
        )}
        {layers.flatMap((layer, i) =>
          layer.map((node, j) => <Box key={`${i} ${j}`} node={node} x={left(i)} y={top(i, j)} />),
        )}
      </svg>
    </div>
  );
}

function Box({ node, x, y }: { node: Node; x: number; y: number }) {
  const box = (
    <g transform={`translate(${x} ${y})`} data-here={node.isHere || undefined}>
      {node.text.length > longest && <title>{node.text}</title>}
      <rect width={width} height={height} rx={6} />
      <text className={styles["kind"]} x={10} y={17}>
        {node.kind}
      </text>
      <text x={10} y={34}>
        {node.text.length > longest ? `${node.text.slice(0, longest - 1)}…` : node.text}
      </text>
    </g>
  );
  return node.to === undefined ? box : <SvgLink to={node.to}>{box}</SvgLink>;
}
