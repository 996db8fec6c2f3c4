export { probe as GET } from "../../src/server/probe.ts";

export const dynamic = "force-dynamic";
