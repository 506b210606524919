import type { Check } from '../../check.ts';
import { proveCrud } from './crud-story.ts';

export const crudWebSocket: Check = {
  id: 'behave/crud-websocket',
  title: 'Create, read, update and delete work over WebSocket',
  severity: 'error',
  mode: 'commits',
  needs: ['connect/websocket'],
  run: (context) => proveCrud(context.websocket, context),
};
