/** A runtime of the matrix. */
import type { CaseName } from '../cases/index.js';
import type { Files } from '../folder.js';
import type { Started } from './started.js';

export interface Row {
  /** As the table has it: `Node 22`. */
  readonly name: string;
  /** The version of its package. */
  readonly version: string;
  /** Why it cannot run on this machine. Otherwise undefined. */
  readonly missing?: string | undefined;
  /** The cases that it cannot pass, with the words that the error must have. All other cases must work. */
  readonly refuses?: Readonly<Partial<Record<CaseName, RegExp>>>;
  /** Starts a server that answers the cases at `origin`. */
  startCases(): Promise<Started>;
  /** Starts the reference app. */
  readonly startApi?: (setup: ApiSetup) => Promise<Started>;
  /** The program of docs/frameworks.md that is for it. */
  readonly page?: PageProgram;
}

export interface PageProgram {
  /** A heading of the page. */
  readonly section: string;
  /** Whether it closes its database and ends when it gets SIGTERM. */
  readonly endsItself?: boolean;
  /** Starts a server of the section's files, which answers `GET` at `origin`. */
  start(files: Files, url: string): Promise<Started>;
}

/** The environment of the reference app, as its README has it. */
export interface ApiSetup {
  readonly DATABASE_URL: string;
  readonly SESSION_SECRET: string;
  readonly TRANSPORT: 'http' | 'websocket';
}
