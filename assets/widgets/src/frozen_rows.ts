/** Rows that hold still while somebody reads them: values change in place, the order waits. */
import type { TrialRow, TrialTable } from "./stream";

export interface HeldRows {
  rows: TrialRow[];
  waiting: number; // trials that came meanwhile
}

/** What to show of `latest` while `held`, the table as it was when the reader came, must not re-order. */
export function heldRows(held: TrialTable | null, latest: TrialTable): HeldRows {
  if (held === null || held.offset !== latest.offset) return { rows: latest.rows, waiting: 0 };
  const now = new Map(latest.rows.map((row) => [row.trial, row]));
  const rows = held.rows.map((row) => now.get(row.trial) ?? row);
  return { rows, waiting: Math.max(0, latest.total - held.total) };
}

/** "3 new trials" */
export function waitingText(waiting: number): string {
  return waiting === 1 ? "1 new trial" : `${waiting.toLocaleString("en-US")} new trials`;
}

/** "51–100 of 187" */
export function pageText({ rows, offset, total }: Pick<TrialTable, "rows" | "offset" | "total">): string {
  if (rows.length === 0) return "";
  const number = (value: number) => value.toLocaleString("en-US");
  return `${number(offset + 1)}–${number(offset + rows.length)} of ${number(total)}`;
}
