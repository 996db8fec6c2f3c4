/** Limits the clients: in all, and per address. */

export interface AdmissionLimits {
	clientsMax: number;
	perAddressMax: number;
}

export class Admission {
	readonly #limits: AdmissionLimits;
	readonly #byAddress = new Map<string, number>();
	#clients = 0;

	constructor(limits: AdmissionLimits) {
		this.#limits = limits;
	}

	/** Reserves a place for a client of this address, or says which limit is reached. */
	take(address: string): "taken" | "clients" | "clients-of-address" {
		const ofAddress = this.#byAddress.get(address) ?? 0;
		if (this.#clients >= this.#limits.clientsMax) return "clients";
		if (ofAddress >= this.#limits.perAddressMax) return "clients-of-address";
		this.#byAddress.set(address, ofAddress + 1);
		this.#clients++;
		return "taken";
	}

	/** Gives a reserved place back. */
	release(address: string): void {
		const left = (this.#byAddress.get(address) ?? 0) - 1;
		if (left > 0) this.#byAddress.set(address, left);
		else this.#byAddress.delete(address);
		this.#clients--;
	}
}
