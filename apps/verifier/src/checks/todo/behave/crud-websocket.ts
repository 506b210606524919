import type { Check } from '../../../check.ts';
import { proveCrud } from './prove-crud.ts';

export const crudWebSocket: Check = {
  id: 'behave/crud-websocket',
  title: 'Create, read, update and delete work over WebSocket',
  method:
    'Creates, finds, changes and deletes a user and a todo over WebSocket, and compares each row with the values sent.',
  why: 'Rows do not come back as they were written.',
  remedy: 'pnpm verify --only schema   # types, defaults, triggers',
  mode: 'commits',
  run: (context) => proveCrud(context.websocket, context),
};
