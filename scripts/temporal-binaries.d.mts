/** Absolute paths of the Temporal programs; null where one was not found. */
export interface TemporalBinaries {
  /** The Temporal CLI with its dev server (`temporal`). */
  cli: string | null;
  /** The time-skipping server (`temporal-test-server`). */
  testServer: string | null;
}

export interface FindOptions {
  /** Default `process.env`. */
  env?: NodeJS.ProcessEnv;
  /** Folders whose `.temporal/bin` is looked into. Default: this package's root, then the working directory. */
  roots?: string[];
}

/** The folder of the nearest package.json above this file: the project in a clone, the package when installed. */
export function packageRoot(): string;

/**
 * Looks, for each program, at its environment variable (`TEMPORAL_CLI_PATH`, `TEMPORAL_TEST_SERVER_PATH`), `PATH`
 * (start scripts of version managers are passed over), then `.temporal/bin`.
 * Throws an Error where a variable is set to something that is not a program.
 */
export function findTemporalBinaries(options?: FindOptions): TemporalBinaries;

/** The path of one program. Throws an Error that says how to get it. */
export function requireTemporalBinary(which: keyof TemporalBinaries, options?: FindOptions): string;

/** What a person does when the programs cannot be fetched: one sentence a program. */
export function howToInstall(missing: (keyof TemporalBinaries)[]): string;
