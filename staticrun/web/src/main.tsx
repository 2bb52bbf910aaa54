// What runs on every page. A page reads without it; here it comes alive.

import "./fonts.css";

// The table first: gzip looks back for 32 kB, and in this order finds most of what is alike (0.4 kB).
import { runsApp } from "./table/app.tsx";
import { curvesApp, runCurvesApp } from "./chart/app.tsx";
import { compareApp } from "./compare/app.tsx";
import { listen } from "./data/load.ts";
import { begin } from "./data/version.ts";
import { mount, type App } from "./page/mount.tsx";
import { applyScheme } from "./page/scheme.ts";
import { Tools } from "./page/tools.tsx";
import { relationsApp } from "./relate/app.tsx";
import { copyApp } from "./run/copy.tsx";
import { paramsApp } from "./run/params.tsx";
import { stepsApp } from "./run/steps.tsx";
import { keepFor } from "./view/keep.ts";
import { watch } from "./view/hash.ts";

const APPS: Readonly<Record<string, App>> = {
  compare: compareApp,
  copy: copyApp,
  curves: curvesApp,
  params: paramsApp,
  "run-curves": runCurvesApp,
  relations: relationsApp,
  runs: runsApp,
  steps: stepsApp,
  tools: () => Promise.resolve(<Tools />),
};

keepFor(document.body.dataset["project"] ?? "");
applyScheme();
listen();
watch();
void begin().then(() => mount(APPS));
