import type { Check } from '../../../check.ts';
import { proveCrud } from './crud-story.ts';

export const crudHttp: Check = {
  id: 'behave/crud-http',
  title: 'Create, read, update and delete work over HTTP',
  method: 'A user and a todo created, found, changed and deleted over HTTP, each row compared with what was sent.',
  why: 'What was written does not come back as it was written.',
  remedy: 'pnpm verify --only schema   # types, defaults, triggers',
  severity: 'error',
  mode: 'commits',
  needs: ['connect/http'],
  run: (context) => proveCrud(context.http, context),
};
