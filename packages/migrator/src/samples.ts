/** Sample rows of an application. */
import type { WebSocketDatabase } from '@todo/client';

export interface Samples {
  /** Writes the sample rows, or restores them to what they were; gives what to say about it. */
  write(db: WebSocketDatabase): Promise<string>;
}
