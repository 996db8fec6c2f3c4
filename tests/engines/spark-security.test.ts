import { securedEngine } from "./secured.ts";

securedEngine("spark", 400_000);
