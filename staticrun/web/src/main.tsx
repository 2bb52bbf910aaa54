// What runs on every page. A page reads without it; here it comes alive.

import "./fonts.css";

import { listen } from "./data/load.ts";
import { mount, type App } from "./page/mount.tsx";
import { watch } from "./view/hash.ts";

const APPS: Readonly<Record<string, App>> = {};

listen();
watch();
mount(APPS);
