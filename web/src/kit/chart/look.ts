// Colours of the theme as a canvas needs them: worked out, and once more when the theme changes.
import { useSyncExternalStore } from "react";

export interface Look {
  dark: boolean;
  ink: string;
  line: string;
  paper: string;
  bad: string;
}

let look: Look | undefined;
const system = matchMedia("(prefers-color-scheme: dark)");

function resolve(name: string): string {
  const probe = document.createElement("span");
  probe.style.color = `var(${name})`;
  document.body.append(probe);
  const color = getComputedStyle(probe).color;
  probe.remove();
  return color;
}

function current(): Look {
  const theme = document.documentElement.dataset["theme"];
  return (look ??= {
    dark: theme === undefined ? system.matches : theme === "dark",
    ink: resolve("--ink-faint"),
    line: resolve("--line"),
    paper: resolve("--paper"),
    bad: resolve("--bad"),
  });
}

export function useLook(): Look {
  return useSyncExternalStore((watcher) => {
    const changed = () => {
      look = undefined;
      watcher();
    };
    system.addEventListener("change", changed);
    addEventListener("slipway:theme", changed);
    return () => {
      system.removeEventListener("change", changed);
      removeEventListener("slipway:theme", changed);
    };
  }, current);
}
