/** Events for the tools of an application, on `node:diagnostics_channel`. */
export {
  type Channels,
  type EventChannel,
  type OperationChannel,
  type OperationEvent,
  publishEvents,
  type RetryEvent,
} from '@todo/client/diagnostics';
