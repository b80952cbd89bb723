import { Link } from "@tanstack/react-router";
import { type ReactNode, useEffect } from "react";
import styles from "./Page.module.css";

export interface Crumb {
  title: string;
  to: string;
}

/** What every page begins with: where it stands, what it is called, and what can be done there. */
export function Page({
  title,
  heading = title,
  crumbs = [],
  actions,
  children,
  fills,
}: {
  title: string;
  heading?: ReactNode;
  crumbs?: readonly Crumb[];
  actions?: ReactNode;
  children: ReactNode;
  /** The page has the height of the window, and scrolls inside its parts. */
  fills?: boolean;
}) {
  useEffect(() => {
    document.title = `${title} · Slipway`;
  }, [title]);
  return (
    <div className={fills ? styles["fills"] : styles["page"]}>
      <header className={styles["header"]}>
        <div className={styles["titles"]}>
          {crumbs.length > 0 && (
            <nav aria-label="Breadcrumb" className={styles["crumbs"]}>
              {crumbs.map((crumb) => (
                <Link key={crumb.to} to={crumb.to}>
                  {crumb.title}
                </Link>
              ))}
            </nav>
          )}
          <h1>{heading}</h1>
        </div>
        {actions && <div className={styles["actions"]}>{actions}</div>}
      </header>
      {children}
    </div>
  );
}
