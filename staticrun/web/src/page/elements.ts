// What the bundler writes markup as: in reach of every file without an import of its own.

export { Fragment, h } from "preact";
