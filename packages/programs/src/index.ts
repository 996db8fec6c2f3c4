/** What to run for each part of the system: the built services, or another engine's processor. */
export {
	type EngineProgram,
	engineProgram,
	pythonInterpreter,
	pythonProgram,
	sparkProgram,
	UnrecoverableError,
} from "./engine-program.ts";
export { PROGRAMS, ROOT } from "./root.ts";
