/** Events for the tools of an application, on `node:diagnostics_channel`. */
export type { Channels, EventChannel, OperationChannel } from './channels.ts';
export type { OperationEvent, RetryEvent } from './operation-event.ts';
export { publishEvents } from './publish-events.ts';
