import assert from "node:assert/strict";
import { test } from "node:test";

import { columnsInSight, layOut, reveal, rowsInSight } from "../src/table/geometry.ts";
import { command, type Place } from "../src/table/keys.ts";

const SIZE = { rows: 100, columns: 5, page: 10 };

function press(key: string, at: Place, more: Partial<Record<"ctrlKey" | "shiftKey" | "altKey", boolean>> = {}) {
  const none = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false };
  return command({ key, ...none, ...more }, at, SIZE);
}

function moved(key: string, row: number, column: number, more = {}): [number, number] | undefined {
  const found = press(key, { row, column }, more);
  return found?.is === "move" ? [found.to.row, found.to.column] : undefined;
}

test("arrows go from cell to cell and stop at the edges", () => {
  assert.deepEqual(moved("ArrowDown", -1, 2), [0, 2]);
  assert.deepEqual(moved("ArrowDown", 99, 2), [99, 2]);
  assert.deepEqual(moved("ArrowUp", 0, 2), [-1, 2]);
  assert.deepEqual(moved("ArrowLeft", 3, 0), [3, 0]);
  assert.deepEqual(moved("ArrowRight", 3, 4), [3, 4]);
});

test("Home, End and pages go far, with Ctrl to the corners", () => {
  assert.deepEqual(moved("Home", 5, 3), [5, 0]);
  assert.deepEqual(moved("End", 5, 3), [5, 4]);
  assert.deepEqual(moved("Home", 5, 3, { ctrlKey: true }), [0, 0]);
  assert.deepEqual(moved("End", 5, 3, { ctrlKey: true }), [99, 4]);
  assert.deepEqual(moved("PageDown", 95, 1), [99, 1]);
  assert.deepEqual(moved("PageUp", 5, 1), [0, 1]);
  assert.deepEqual(moved("PageUp", 0, 1), [-1, 1]);
});

test("Enter opens a row and sorts by a head; Space selects", () => {
  assert.deepEqual(press("Enter", { row: 0, column: 0 }), { is: "open" });
  assert.deepEqual(press("Enter", { row: -1, column: 0 }), { is: "sort", more: false });
  assert.deepEqual(press(" ", { row: 4, column: 0 }, { shiftKey: true }), { is: "select", range: true });
  assert.deepEqual(press("s", { row: 4, column: 0 }), { is: "sort", more: false });
});

test("columns are moved and made wider by keys", () => {
  assert.deepEqual(press("ArrowRight", { row: -1, column: 1 }, { shiftKey: true }), { is: "shift", by: 1 });
  assert.deepEqual(press("-", { row: -1, column: 1 }), { is: "resize", by: -16 });
});

test("keys of the browser stay the browser's", () => {
  assert.equal(press("ArrowLeft", { row: 0, column: 1 }, { altKey: true }), undefined);
  assert.equal(press("f", { row: 0, column: 1 }, { ctrlKey: true }), undefined);
  assert.equal(press("Tab", { row: 0, column: 1 }), undefined);
});

test("columns share what is left of the room, but for those with a width of the reader's", () => {
  const layout = layOut([100, 50, 50], [false, true, false], 1, 300);

  assert.deepEqual(layout.widths, [150, 50, 100]);
  assert.deepEqual(layout.lefts, [0, 150, 200]);
  assert.equal(layout.total, 300);
});

test("frozen columns never take all of a narrow place", () => {
  const layout = layOut([200, 100, 100, 100], [true, true, true, true], 3, 320);

  assert.equal(layout.frozen, 1);
  assert.equal(layout.frozenWidth, 200);
});

test("columns below the frozen ones are not in sight", () => {
  const layout = layOut([100, 100, 100, 100, 100], [true, true, true, true, true], 1, 250);

  assert.deepEqual(columnsInSight(layout, 0, 250), { first: 1, end: 3 });
  assert.deepEqual(columnsInSight(layout, 150, 250), { first: 2, end: 4 });
  assert.deepEqual(columnsInSight(layout, 250, 250), { first: 3, end: 5 });
});

test("rows in sight never run over the ends", () => {
  assert.deepEqual(rowsInSight(5, 28, 0, 600), { first: 0, end: 5 });
  const { first, end } = rowsInSight(100_000, 28, 28 * 500, 280);

  assert.ok(first <= 500 && end >= 510 && end - first < 40);
});

test("a part comes in sight with as little scrolling as it takes", () => {
  assert.equal(reveal(100, 50, 120, 20), 100);
  assert.equal(reveal(100, 50, 140, 20), 110);
  assert.equal(reveal(100, 50, 90, 20), 90);
  assert.equal(reveal(100, 50, 110, 20, 30), 80, "what covers the start counts");
});
