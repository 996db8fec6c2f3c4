import { securedEngine } from "./secured.ts";

securedEngine("python", 60_000);
