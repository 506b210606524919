#!/usr/bin/env node
/** Runs the workspace's `db:*` commands on this package's database. */
import { runCommand } from '@todo/migrator/commands';

await runCommand(() => import('./database.ts'));
