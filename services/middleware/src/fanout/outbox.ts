/**
 * What goes out to one client: bounds what waits in its socket, counts what was sent, and knows
 * which devices were announced.
 */
import type { Counts } from "../counts.ts";
import type { FrameSource } from "../frames/frame-source.ts";
import type { ClientSocket } from "./client-socket.ts";

export class Outbox {
	readonly #socket: ClientSocket;
	readonly #frames: FrameSource;
	readonly #counts: Counts;
	readonly #bufferBytesMax: number;
	/** The version of the device table that was announced. */
	#devicesVersion = 0;

	constructor(
		socket: ClientSocket,
		frames: FrameSource,
		counts: Counts,
		bufferBytesMax: number,
	) {
		this.#socket = socket;
		this.#frames = frames;
		this.#counts = counts;
		this.#bufferBytesMax = bufferBytesMax;
	}

	/** Bytes that wait in the socket. */
	get waiting(): number {
		return this.#socket.bufferedAmount;
	}

	/** taken: called when the operating system has the bytes. */
	send(bytes: Buffer, taken?: () => void): void {
		this.#counts.framesSent++;
		this.#counts.bytesSent += bytes.length;
		this.#socket.send(bytes, taken);
	}

	/** False if more would wait in the socket than is allowed. */
	sendIfFits(bytes: Buffer): boolean {
		const { waiting } = this;
		const fits =
			waiting === 0 || waiting + bytes.length <= this.#bufferBytesMax;
		if (fits) this.send(bytes);
		return fits;
	}

	/** The `devices` frames that the client lacks. From now on they count as announced. */
	takeNewDevices(): readonly Buffer[] {
		const version = this.#devicesVersion;
		this.#devicesVersion = this.#frames.queue.devices.version;
		return this.#frames.devicesSince(version);
	}

	/** Announces the devices that the client lacks. False if they do not fit: none counts then. */
	announceDevices(): boolean {
		const version = this.#devicesVersion;
		if (version === this.#frames.queue.devices.version) return true;
		if (this.takeNewDevices().every((bytes) => this.sendIfFits(bytes)))
			return true;
		this.#devicesVersion = version;
		return false;
	}
}
