import type { Draw } from './draw.js';

/** Where everything is right: the servers that a case would reach if its bad input were let pass. */
export interface Surroundings {
  temporalAddress: string;
  cbUrl: string;
  /** Stands in every environment and file, and must be in no answer. */
  secret: string;
  /** An empty folder of this case alone. */
  folder: string;
}

export interface CliCase {
  /** What is wrong with it, in a few words. */
  what: string;
  args: string[];
  env: NodeJS.ProcessEnv;
  /** How it tells: `error` as every verb, `doctor` as a list of checks. */
  tells: 'error' | 'doctor';
}

/** One family of bad input on the command line; `ways` is how many cases cover each of its ways once. */
export interface Family {
  name: string;
  ways: number;
  make(n: number, draw: Draw, around: Surroundings): CliCase;
}
