/** The todos for Kysely. */
import type { Generated } from 'kysely';

export interface KyselySchema {
  readonly todo: {
    id: Generated<number>;
    title: string;
    description: string | null;
    isCompleted: Generated<boolean>;
    userId: number;
    createdAt: Generated<Date>;
    updatedAt: Generated<Date>;
  };
}
