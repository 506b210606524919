import type { Check } from '../../check.ts';
import { proveCrud } from './crud-story.ts';

export const crudHttp: Check = {
  id: 'behave/crud-http',
  title: 'Create, read, update and delete work over HTTP',
  severity: 'error',
  mode: 'commits',
  needs: ['connect/http'],
  run: (context) => proveCrud(context.http, context),
};
