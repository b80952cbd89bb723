import { Link } from "@tanstack/react-router";
import styles from "./Tabs.module.css";

export interface Tab {
  id: string;
  title: string;
  count?: number;
}

/** Parts of a page, each with an address of its own. */
export function Tabs({ label, tabs, chosen }: { label: string; tabs: readonly Tab[]; chosen: string }) {
  return (
    <nav aria-label={label} className={styles["tabs"]}>
      {tabs.map((tab) => (
        <Link
          key={tab.id}
          to="."
          activeOptions={{ exact: true, explicitUndefined: true }}
          search={(search: object) => ({ ...search, tab: tab.id === tabs[0]!.id ? undefined : tab.id }) as never}
          aria-current={tab.id === chosen ? "page" : undefined}
        >
          {tab.title}
          {tab.count !== undefined && tab.count > 0 && <span>{tab.count}</span>}
        </Link>
      ))}
    </nav>
  );
}
