import { randomInt } from 'node:crypto';

/** Chance that one number replays: the same seed gives the same draws. */
export type Chance = {
  /** A whole number from 0 to `below`, exclusive. */
  draw(below: number): number;
};

/** The seed of this run: PORTAL_SEED, or a fresh one. Print it, so that a failure can be replayed. */
export function chooseSeed(): number {
  const given = process.env.PORTAL_SEED;
  return given === undefined ? randomInt(1, 2 ** 31) : Number(given);
}

/** A small generator (mulberry32); its draws are for tests alone. */
export function makeChance(seed: number): Chance {
  let state = seed >>> 0;
  return {
    draw(below) {
      state = (state + 0x6d2b79f5) >>> 0;
      let mixed = Math.imul(state ^ (state >>> 15), state | 1);
      mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
      return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * below);
    },
  };
}
