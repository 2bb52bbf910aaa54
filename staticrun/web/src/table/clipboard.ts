// Saving and copying from a page that is a file: a blob, and the event of copying, which ask for
// nothing that such a page cannot have.

import { PRINT_MAX, texts } from "./export.ts";
import type { Table } from "./table.ts";

/** Save a text as a file. */
export function save(name: string, type: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: `${type};charset=utf-8` }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // The browser has begun to read it by then.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/**
 * Copy a text.
 *
 * @returns Whether the browser did.
 */
export function copy(text: string): boolean {
  const give = (event: ClipboardEvent): void => {
    event.clipboardData?.setData("text/plain", text);
    event.preventDefault();
    event.stopImmediatePropagation();
  };
  document.addEventListener("copy", give, { capture: true });
  try {
    return document.execCommand("copy");
  } finally {
    document.removeEventListener("copy", give, { capture: true });
  }
}

/**
 * Give the rows to whoever copies while the focus is in the grid: as a table for documents and
 * sheets, and as tabbed text. A text that the reader has marked is copied as ever.
 */
export function copyRows(event: ClipboardEvent, table: Table): void {
  if (!(getSelection()?.isCollapsed ?? true) || event.clipboardData === null) return;
  const { heads, rows } = texts(table, PRINT_MAX);
  const element = document.createElement("table");
  for (const cells of [heads, ...rows]) {
    const row = element.insertRow();
    for (const text of cells) row.insertCell().textContent = text;
  }
  const plain = [heads, ...rows].map((row) => row.map((text) => text.replaceAll(/[\t\n]/g, " ")).join("\t"));
  event.clipboardData.setData("text/plain", plain.join("\n"));
  event.clipboardData.setData("text/html", new XMLSerializer().serializeToString(element));
  event.preventDefault();
}
