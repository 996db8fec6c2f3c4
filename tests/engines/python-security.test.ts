import { securedEngine } from "./secured.ts";

securedEngine("python", 180_000);
