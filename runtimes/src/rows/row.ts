/** A runtime of the matrix. */
import type { CaseName } from '../cases/index.js';
import type { Files } from '../folder.js';
import type { Started } from './started.js';

export interface Row {
  /** The name in the table: `Node 22`. */
  readonly name: string;
  /** The version of the runtime's package. */
  readonly version: string;
  /** The reason why the runtime cannot run on this machine; undefined if it can. */
  readonly missing?: string | undefined;
  /** The cases that the runtime must refuse, with the text that the error must contain. All other cases must work. */
  readonly refuses?: Readonly<Partial<Record<CaseName, RegExp>>>;
  /** Starts a server that runs the cases at `origin`. */
  startCases(): Promise<Started>;
  /** Starts the reference app. */
  readonly startApi?: (setup: ApiSetup) => Promise<Started>;
  /** The program of docs/frameworks.md for this runtime. */
  readonly page?: PageProgram;
}

export interface PageProgram {
  /** A heading of the page. */
  readonly section: string;
  /** Whether the program closes its database and exits on SIGTERM. */
  readonly endsItself?: boolean;
  /** Starts a server of the section's files, which responds to `GET` at `origin`. */
  start(files: Files, url: string): Promise<Started>;
}

/** The environment of the reference app, as in its README. */
export interface ApiSetup {
  readonly DATABASE_URL: string;
  readonly SESSION_SECRET: string;
  readonly TRANSPORT: 'http' | 'websocket';
}
