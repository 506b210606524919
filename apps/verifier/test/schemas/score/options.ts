/** The options of `pnpm test:schemas`. `run.mjs` passes them through the environment, because Vitest accepts only its own flags. */
import { z } from 'zod';

import { fixtureSubjects, generatedSubject, type Subject } from '../subject.ts';

const Environment = z.object({
  SCHEMAS_COUNT: z.coerce.number().int().min(1).default(1),
  SCHEMAS_SEED: z.coerce.number().int().min(0).default(1),
  SCHEMAS_SABOTAGES: z.coerce.number().int().min(0).default(5),
  /** One fixture instead of generated schemas; `all` for all fixtures. */
  SCHEMAS_FIXTURE: z.string().optional(),
  /** The folder in which the workers write their proofs. */
  SCHEMAS_PROOFS: z.string().optional(),
});

export interface ScoreOptions {
  readonly subjects: readonly Subject[];
  readonly sabotages: number;
  readonly proofs: string | undefined;
}

export function readOptions(): ScoreOptions {
  const { SCHEMAS_COUNT, SCHEMAS_SEED, SCHEMAS_SABOTAGES, SCHEMAS_FIXTURE, SCHEMAS_PROOFS } = Environment.parse(
    process.env,
  );
  const seeds = Array.from({ length: SCHEMAS_COUNT }, (_, place) => SCHEMAS_SEED + place);
  return {
    subjects: SCHEMAS_FIXTURE === undefined ? seeds.map(generatedSubject) : fixtures(SCHEMAS_FIXTURE),
    sabotages: SCHEMAS_SABOTAGES,
    proofs: SCHEMAS_PROOFS,
  };
}

function fixtures(name: string): Subject[] {
  const all = fixtureSubjects();
  const chosen = all.filter(({ title }) => name === 'all' || title === name);
  if (chosen.length === 0) throw new Error(`There is no fixture ${name}: ${all.map(({ title }) => title).join(', ')}`);
  return chosen;
}
