// What is shown, to save and to copy.

import { useState } from "preact/hooks";

import { plural } from "../data/format.ts";
import { copy, save } from "./clipboard.ts";
import { fileName, toCsv, toJson, toMarkdown } from "./export.ts";
import type { Table } from "./table.ts";

const KINDS = [
  { name: "CSV", ending: "csv", type: "text/csv", make: toCsv },
  { name: "JSON", ending: "json", type: "application/json", make: toJson },
  { name: "Markdown", ending: "md", type: "text/markdown", make: toMarkdown },
] as const;

/** Buttons that save and copy the table. */
export function ExportPanel({ table }: { table: Table }) {
  const [told, tell] = useState("");
  const { lines, grouped } = table.arranged;
  const rows = grouped ? `${plural(lines.length, "row")}` : plural(lines.length, "run");
  return (
    <>
      <div class="bar">
        {KINDS.map(({ name, ending, type, make }) => (
          <button key={name} type="button" onClick={() => save(fileName(table, ending), type, make(table))}>
            Save as {name}
          </button>
        ))}
        {KINDS.map(({ name, make }) => (
          <button
            key={name}
            type="button"
            onClick={() => tell(copy(make(table)) ? `${name} copied.` : "The browser did not copy.")}
          >
            Copy as {name}
          </button>
        ))}
      </div>
      <p class="note" role="status">
        {told || `What is shown: ${rows} and ${plural(table.columns.length + 1, "column")}.`}
      </p>
    </>
  );
}
