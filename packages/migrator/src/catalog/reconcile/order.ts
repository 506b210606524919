/** Sorts steps by phase, and within a phase by dependency. */
import type { Facts } from '../facts.ts';
import { needsOf, objectName } from './reconcile-input.ts';
import { type Phase, PHASES, type Step } from './statement.ts';

/** Removes repeated steps and sorts the others: drops by the dependencies in `have`, the rest by those in `want`. */
export function sortSteps(steps: readonly Step[], have: Facts, want: Facts): Step[] {
  const unique = removeRepeated(steps);
  return PHASES.flatMap((phase) => {
    const stepsOfPhase = unique.filter((other) => other.phase === phase);
    if (!SORTED_BY_DEPENDENCY.has(phase)) return stepsOfPhase.toSorted((a, b) => (a.rank ?? 0) - (b.rank ?? 0));
    const facts = phase === 'create' ? want : have;
    const sorted = sortByDependency(stepsOfPhase, facts);
    return phase === 'create' ? sorted : sorted.toReversed();
  });
}

const SORTED_BY_DEPENDENCY = new Set<Phase>(['create', 'drop extra', 'drop dependents']);

/** Keeps one of equal statements: that of the earliest phase. */
function removeRepeated(steps: readonly Step[]): Step[] {
  const earliest = new Map<string, Step>();
  for (const other of steps) {
    const kept = earliest.get(other.sql);
    if (kept === undefined || PHASES.indexOf(other.phase) < PHASES.indexOf(kept.phase)) earliest.set(other.sql, other);
  }
  return [...earliest.values()];
}

/** Sorts steps so that each comes after those of the objects that its object needs: depth first, also through objects without a step. */
function sortByDependency(steps: readonly Step[], facts: Facts): Step[] {
  const needs = new Map(
    facts.all.filter(({ kind }) => KINDS_WITH_NEEDS.has(kind)).map((fact) => [objectName(fact), needsOf(fact)]),
  );
  const visited = new Set<string>();
  const positions = new Map<string, number>();
  const visit = (object: string) => {
    if (visited.has(object)) return;
    visited.add(object);
    for (const need of needs.get(object) ?? []) visit(need);
    positions.set(object, positions.size);
  };
  for (const { object } of steps) if (object !== undefined) visit(object);
  const positionOf = ({ object }: Step) => (object === undefined ? -1 : (positions.get(object) ?? -1));
  return steps.toSorted((a, b) => positionOf(a) - positionOf(b) || (a.rank ?? 0) - (b.rank ?? 0));
}

const KINDS_WITH_NEEDS = new Set(['table', 'type', 'function']);
