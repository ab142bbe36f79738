import { expect, test } from "vitest";
import { heldRows, pageText, waitingText } from "../src/frozen_rows";
import { RUNNING, row } from "./example";

const { table } = RUNNING;
const grown = { ...table, rows: [row(189), row(188), row(187, { values: ["20.1", "7.9"] }), row(186)], total: 189 };

test("without a reader the newest rows are shown", () => {
  expect(heldRows(null, grown)).toEqual({ rows: grown.rows, waiting: 0 });
});
test("under a reader the order holds, values change in place, and the new trials are counted", () => {
  const { rows, waiting } = heldRows(table, grown);
  expect(rows.map(({ trial }) => trial)).toEqual([187, 186, 185]);
  expect(rows[0]?.values).toEqual(["20.1", "7.9"]);
  expect(waiting).toBe(2);
});
test("another page is shown at once", () => {
  expect(heldRows(table, { ...grown, offset: 50 }).rows).toBe(grown.rows);
});
test("counts are said in words", () => {
  expect(waitingText(1)).toBe("1 new trial");
  expect(waitingText(3)).toBe("3 new trials");
  expect(pageText({ rows: table.rows, offset: 50, total: 15625 })).toBe("51–53 of 15,625");
  expect(pageText({ rows: [], offset: 0, total: 0 })).toBe("");
});
