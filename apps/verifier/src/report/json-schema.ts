/**
 * The published schema of `--reporter json`. It generates `report.schema.json` beside the README:
 * `vitest run -u test/reporters.test.ts`.
 */
import { z } from 'zod';

const status = z.enum(['pass', 'info', 'warn', 'fail', 'skip', 'not-applicable']);
const checkId = z.string().regex(/^[a-z]+\/[a-z0-9-]+$/);

const place = z.strictObject({
  file: z.string().meta({ description: 'From the root of the checkout, with slashes.' }),
  line: z.int().min(1),
});

const finding = z.strictObject({
  severity: z.enum(['error', 'warning', 'info']),
  have: z.string(),
  want: z.string(),
  why: z.string().meta({ description: 'What goes wrong, for whom.' }),
  fix: z.string().meta({ description: 'SQL or a command to copy where there is one; lines apart.' }),
  about: z
    .strictObject({
      schema: z.string().optional().meta({ description: 'The PostgreSQL schema, where it is not `public`.' }),
      table: z.string(),
      name: z.string().optional(),
    })
    .optional()
    .meta({ description: 'The part of the schema that it is about.' }),
  places: z
    .array(place)
    .optional()
    .meta({ description: 'Where the code says what is wanted: schema, then migration.' }),
  causedBy: checkId.optional().meta({ description: 'The failed check that explains this one.' }),
});

const check = z.strictObject({
  id: checkId,
  status,
  title: z.string(),
  durationMs: z.int().min(0),
  detail: z.string().optional().meta({ description: 'Of a pass: what was seen.' }),
  reason: z.string().optional().meta({ description: 'Of what did not run: why.' }),
  causedBy: checkId
    .optional()
    .meta({ description: 'Of what did not run: the failed check that kept it from running.' }),
  findings: z.array(finding).optional(),
  steps: z.array(z.string()).optional().meta({ description: 'What was done, up to where it went wrong.' }),
});

export const jsonReportSchema = z
  .strictObject({
    version: z.literal(1).meta({ description: 'Rises when a program that reads this could break.' }),
    verdict: z.enum(['passed', 'failed']),
    database: z.string().optional().meta({ description: 'Without its password. Absent when there was none.' }),
    checks: z.array(check),
    summary: z.strictObject({
      passed: z.int().min(0),
      failed: z.int().min(0),
      warned: z.int().min(0),
      informed: z.int().min(0).meta({ description: 'Among those that passed: what is worth knowing.' }),
      skipped: z.int().min(0),
      notApplicable: z.int().min(0),
      durationMs: z.int().min(0),
    }),
  })
  .meta({ title: 'Report of pnpm verify' });

export type JsonReport = z.infer<typeof jsonReportSchema>;
