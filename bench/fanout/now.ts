/** ms of a clock that all processes of this machine share and that is never adjusted. */
export const nowMs = (): number => Number(process.hrtime.bigint()) / 1e6;
