/** Records what the clients publish on the diagnostics channels, subscribed by name as a tool would do. */
import { subscribe, tracingChannel, unsubscribe } from 'node:diagnostics_channel';

import { onTestFinished } from 'vitest';

import type { OperationEvent, RetryEvent } from '../src/diagnostics/index.ts';

export interface RecordedEvent extends Omit<OperationEvent, 'inContext'> {
  readonly kind: string;
  readonly phase: string;
}

export const KINDS = ['query', 'batch', 'transaction', 'connect', 'pool-wait'];

export interface Recording {
  /** All phases, in their order, each as it was when it was published. */
  readonly events: RecordedEvent[];
  readonly retries: RetryEvent[];
  /** The finished operations of one kind. */
  readonly ended: (kind: string) => RecordedEvent[];
}

/** Records until the test is finished. */
export function recordEvents(): Recording {
  const events: RecordedEvent[] = [];
  const retries: RetryEvent[] = [];
  for (const kind of KINDS) {
    const record = (phase: string) => (message: unknown) => {
      const { inContext: _, ...event } = message as OperationEvent;
      events.push({ ...event, kind, phase });
    };
    const channel = tracingChannel(`neon-client:${kind}`);
    const handlers = {
      start: record('start'),
      end: record('end'),
      asyncStart: record('asyncStart'),
      asyncEnd: record('asyncEnd'),
      error: record('error'),
    };
    channel.subscribe(handlers);
    onTestFinished(() => {
      channel.unsubscribe(handlers);
    });
  }
  const onRetry = (message: unknown) => void retries.push(message as RetryEvent);
  subscribe('neon-client:retry', onRetry);
  onTestFinished(() => void unsubscribe('neon-client:retry', onRetry));
  return {
    events,
    retries,
    ended: (kind) => events.filter((event) => event.kind === kind && event.phase === 'asyncEnd'),
  };
}
