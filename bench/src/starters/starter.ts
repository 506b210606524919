/** A database server that a benchmark starts on a data folder and queries. */
export interface Started {
  /** Resolves when `select 1` is answered. */
  ask(): Promise<unknown>;
  stop(): Promise<unknown>;
}

export type Starter = (folder: string) => Promise<Started>;
