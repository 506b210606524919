import { defineConfig } from 'vitest/config';

import { maxWorkers, stress } from '../../vitest.base.ts';

export default defineConfig({ test: { ...stress, maxWorkers } });
