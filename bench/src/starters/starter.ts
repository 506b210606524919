/** A database server that a benchmark starts on a data folder and queries. */
export interface Started {
  /** Resolves after the result of `select 1`. */
  query(): Promise<unknown>;
  stop(): Promise<unknown>;
}

export type Starter = (folder: string) => Promise<Started>;
