import type { Check } from '../../../check.ts';
import { proveCrud } from './prove-crud.ts';

export const crudHttp: Check = {
  id: 'behave/crud-http',
  title: 'Create, read, update and delete work over HTTP',
  method:
    'Creates, finds, changes and deletes a user and a todo over HTTP, and compares each row with the values sent.',
  why: 'Rows do not come back as they were written.',
  remedy: 'pnpm verify --only schema   # types, defaults, triggers',
  mode: 'commits',
  needs: ['connect/http'],
  run: (context) => proveCrud(context.http, context),
};
