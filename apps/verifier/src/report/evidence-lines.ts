/** Writes the evidence of a check as lines, for `--verbose`. */
import type { Evidence } from '../evidence.ts';

export function evidenceLines(evidence: Evidence): string[] {
  switch (evidence.kind) {
    case 'identity':
      return Object.entries(evidence.facts).map(([name, value]) => `${name}: ${value}`);
    case 'migrations':
      return evidence.migrations.map(({ name, state }) => `${name}: ${state}`);
    case 'latency': {
      const { transport, firstMs, medianMs, p95Ms } = evidence;
      const [first, median, p95] = [firstMs, medianMs, p95Ms].map((ms) => `${ms.toFixed(1)} ms`);
      return [`${transport}: first query ${first}, then ${median} (95 of 100 within ${p95})`];
    }
    case 'plan':
      return [`${evidence.what}: ${evidence.query}`, ...evidence.plan.split('\n').map((line) => `  ${line}`)];
    default:
      return evidence satisfies never;
  }
}
