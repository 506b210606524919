/** The application of this repository. */
import { database } from '@todo/db/database';

import type { App } from './app-definition.ts';
import { todo } from './checks/todo/index.ts';

export const app: App = {
  database,
  // The checks about todos and their users. Without them: `checks: []`.
  ...todo,
};
