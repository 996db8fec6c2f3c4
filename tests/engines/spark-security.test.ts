import { securedEngine } from "./secured.ts";

securedEngine("spark", 180_000);
