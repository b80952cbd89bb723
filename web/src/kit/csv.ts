/** A cell of comma-separated values; a text that a spreadsheet would take for a formula is defused, a number is not. */
export function csvCell(text: string): string {
  const isNumber = text !== "" && !Number.isNaN(Number(text));
  const safe = !isNumber && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return `"${safe.replaceAll('"', '""')}"`;
}
