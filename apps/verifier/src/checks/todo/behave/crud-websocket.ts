import type { Check } from '../../../check.ts';
import { proveCrud } from './crud-story.ts';

export const crudWebSocket: Check = {
  id: 'behave/crud-websocket',
  title: 'Create, read, update and delete work over WebSocket',
  method: 'A user and a todo created, found, changed and deleted over WebSocket, each row compared with what was sent.',
  why: 'What was written does not come back as it was written.',
  remedy: 'pnpm verify --only schema   # types, defaults, triggers',
  severity: 'error',
  mode: 'commits',
  needs: ['connect/websocket'],
  run: (context) => proveCrud(context.websocket, context),
};
