import { useQuery } from "@tanstack/react-query";
import { Link, Outlet, useRouterState } from "@tanstack/react-router";
import { type ReactNode, useEffect, useState } from "react";
import { ask } from "../api/client";
import type { Health } from "../api/records";
import { Button, IconButton } from "../kit/Button";
import { Icon, type IconName } from "../kit/Icon";
import { Toasts } from "../kit/Toasts";
import { useLiveState } from "./live";
import { SearchPalette } from "./SearchPalette";
import { currentTheme, keepTheme, type Theme } from "./theme";
import styles from "./Shell.module.css";

const places: readonly { to: string; title: string; icon: IconName; alsoAt?: readonly string[] }[] = [
  { to: "/experiments", title: "Experiments", icon: "experiments", alsoAt: ["/runs", "/compare"] },
  { to: "/traces", title: "Traces", icon: "traces" },
  { to: "/models", title: "Models", icon: "model" },
  { to: "/audit", title: "Audit", icon: "clock" },
  { to: "/settings", title: "Settings", icon: "settings" },
];

/** The frame of all pages. Who the visitor is comes from above: the shell knows no capability. */
export function Shell({ visitor }: { visitor: ReactNode }) {
  const [searching, setSearching] = useState(false);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      setSearching(true);
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, []);
  return (
    <div className={styles["shell"]}>
      <a className={styles["skip"]} href="#main">
        Skip to content
      </a>
      <Rail onSearch={() => setSearching(true)} visitor={visitor} />
      <main id="main" className={styles["main"]} tabIndex={-1}>
        <Outlet />
      </main>
      {searching && <SearchPalette onClose={() => setSearching(false)} />}
      <Toasts />
    </div>
  );
}

function Rail({ onSearch, visitor }: { onSearch: () => void; visitor: ReactNode }) {
  const path = useRouterState({ select: (state) => state.location.pathname });
  return (
    <header className={styles["rail"]}>
      <Link to="/experiments" className={styles["brand"]} aria-label="Slipway, to the start">
        <img src="/slipway.svg" alt="" width={24} height={24} />
        <span>Slipway</span>
      </Link>
      <Button className={styles["search"]} icon="search" onClick={onSearch} aria-keyshortcuts="Control+K">
        <span>Search</span>
        <kbd>Ctrl K</kbd>
      </Button>
      <nav aria-label="Main" className={styles["places"]}>
        {places.map((place) => {
          const here = [place.to, ...(place.alsoAt ?? [])].some((start) => path.startsWith(start));
          return (
            <Link key={place.to} to={place.to} aria-current={here ? "page" : undefined}>
              <Icon name={place.icon} />
              {place.title}
            </Link>
          );
        })}
      </nav>
      <div className={styles["foot"]}>
        <Server />
        {visitor}
        <ThemeSwitch />
      </div>
    </header>
  );
}

function Server() {
  const live = useLiveState();
  const health = useQuery({
    queryKey: ["health"],
    queryFn: ({ signal }) => ask<Health>("/api/v1/health", { signal }),
    refetchInterval: 30_000,
    retry: false,
  });
  const [mood, text] = health.error
    ? (["bad", "No answer"] as const)
    : health.data?.status === "read_only"
      ? (["bad", "Read only"] as const)
      : live === "away"
        ? (["warn", "Reconnecting"] as const)
        : live === "live"
          ? (["good", "Live"] as const)
          : (["good", "Ready"] as const);
  return (
    <span className={styles["server"]} role="status" title={health.data?.reason ?? health.error?.message}>
      <i data-mood={mood} />
      <span>
        {text}
        {health.data && <small>{health.data.version}</small>}
      </span>
    </span>
  );
}

const nextTheme: Record<Theme, { to: Theme; icon: IconName; label: string }> = {
  system: { to: "light", icon: "screen", label: "Colours: as the system. Switch to light" },
  light: { to: "dark", icon: "sun", label: "Colours: light. Switch to dark" },
  dark: { to: "system", icon: "moon", label: "Colours: dark. Switch to the system's" },
};

function ThemeSwitch() {
  const [theme, setTheme] = useState(currentTheme);
  const next = nextTheme[theme];
  return (
    <IconButton
      icon={next.icon}
      label={next.label}
      onClick={() => {
        keepTheme(next.to);
        setTheme(next.to);
      }}
    />
  );
}
