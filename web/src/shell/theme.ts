export type Theme = "system" | "light" | "dark";
const place = "slipway.theme";

export function currentTheme(): Theme {
  const kept = localStorage.getItem(place);
  return kept === "light" || kept === "dark" ? kept : "system";
}

export function applyTheme(theme: Theme = currentTheme()): void {
  if (theme === "system") delete document.documentElement.dataset["theme"];
  else document.documentElement.dataset["theme"] = theme;
}

export function keepTheme(theme: Theme): void {
  localStorage.setItem(place, theme);
  applyTheme(theme);
  dispatchEvent(new Event("slipway:theme"));
}
