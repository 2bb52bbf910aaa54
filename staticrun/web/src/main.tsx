// What runs on every page. A page reads without it; here it comes alive.

import { listen } from "./data/load.ts";

listen();
