/** The published schema of `--reporter json`. `vitest run -u test/reporters.test.ts` writes it to `report.schema.json` beside the README. */
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
  why: z.string().meta({ description: 'The consequence of the finding.' }),
  fix: z.string().meta({ description: 'The remedy: text, SQL or a command. Several lines are separated by newlines.' }),
  about: z
    .strictObject({
      schema: z.string().optional().meta({ description: 'The PostgreSQL schema, if it is not `public`.' }),
      table: z.string(),
      name: z.string().optional(),
    })
    .optional()
    .meta({ description: 'The part of the schema that the finding is about.' }),
  places: z
    .array(place)
    .optional()
    .meta({ description: 'The lines in the code that define the wanted state: schema first, then migration.' }),
  causedBy: checkId.optional().meta({ description: 'The failed check that explains this finding.' }),
});

const check = z.strictObject({
  id: checkId,
  status,
  title: z.string(),
  durationMs: z.int().min(0),
  detail: z.string().optional().meta({ description: 'The evidence of a passed check.' }),
  reason: z.string().optional().meta({ description: 'The reason why a check did not run.' }),
  causedBy: checkId.optional().meta({ description: 'The failed check because of which this check did not run.' }),
  findings: z.array(finding).optional(),
  steps: z.array(z.string()).optional().meta({ description: 'The steps of the check, up to the failed one.' }),
});

export const jsonReportSchema = z
  .strictObject({
    version: z.literal(1).meta({ description: 'Increases with each incompatible change of the format.' }),
    verdict: z.enum(['passed', 'failed']),
    database: z
      .string()
      .optional()
      .meta({ description: 'The URL without its password. Absent if there was no database.' }),
    checks: z.array(check),
    summary: z.strictObject({
      passed: z.int().min(0),
      failed: z.int().min(0),
      warned: z.int().min(0),
      informed: z.int().min(0).meta({ description: 'Passed checks with findings of severity `info`.' }),
      skipped: z.int().min(0),
      notApplicable: z.int().min(0),
      durationMs: z.int().min(0),
    }),
  })
  .meta({ title: 'Report of pnpm verify' });

export type JsonReport = z.infer<typeof jsonReportSchema>;
