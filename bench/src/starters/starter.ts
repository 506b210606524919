/** What can be started on a folder and asked. */
export interface Started {
  /** `select 1`, answered. */
  ask(): Promise<unknown>;
  stop(): Promise<unknown>;
}

export type Starter = (folder: string) => Promise<Started>;
