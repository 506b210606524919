/** Sorts steps by phase, and within a phase by dependency. */
import type { Facts } from '../facts.ts';
import { needsOf, objectName } from './reconcile-input.ts';
import { type Phase, PHASES, type Step } from './statement.ts';

/** Removes repeated steps and sorts the others: drops by the dependencies in `have`, the rest by those in `want`. */
export function sortSteps(steps: readonly Step[], have: Facts, want: Facts): Step[] {
  const unique = removeRepeated(steps);
  return PHASES.flatMap((phase) => {
    const own = unique.filter((other) => other.phase === phase);
    if (!ORDERED.has(phase)) return own.toSorted((a, b) => (a.rank ?? 0) - (b.rank ?? 0));
    const facts = phase === 'create' ? want : have;
    const sorted = sortByDependency(own, facts);
    return phase === 'create' ? sorted : sorted.toReversed();
  });
}

const ORDERED = new Set<Phase>(['create', 'drop extra', 'drop views']);

/** Keeps only the first of equal statements. */
function removeRepeated(steps: readonly Step[]): Step[] {
  const first = new Map<string, Step>();
  for (const other of steps) {
    const known = first.get(other.sql);
    if (known === undefined || PHASES.indexOf(other.phase) < PHASES.indexOf(known.phase)) first.set(other.sql, other);
  }
  return [...first.values()];
}

/** Sorts topologically: depth first over `needs`, also through objects without a step. */
function sortByDependency(steps: readonly Step[], facts: Facts): Step[] {
  const needs = new Map(
    facts.all.filter(({ kind }) => KINDS_WITH_NEEDS.has(kind)).map((fact) => [objectName(fact), needsOf(fact)]),
  );
  const order = new Map<string, number>();
  const visit = (object: string) => {
    if (order.has(object)) return;
    order.set(object, -1);
    for (const need of needs.get(object) ?? []) visit(need);
    order.delete(object);
    order.set(object, order.size);
  };
  for (const { object } of steps) if (object !== undefined) visit(object);
  const positions = new Map([...order.keys()].map((object, at) => [object, at]));
  const position = ({ object }: Step) => (object === undefined ? -1 : (positions.get(object) ?? -1));
  return steps.toSorted((a, b) => position(a) - position(b) || (a.rank ?? 0) - (b.rank ?? 0));
}

const KINDS_WITH_NEEDS = new Set(['table', 'type', 'function']);
