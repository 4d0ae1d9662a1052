import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    exclude: ['tests/e2e/**', 'tests/browser/**', 'node_modules/**'],
    // Left to itself, vitest keeps a core free, which leaves one of two.
    maxWorkers: '100%',
    testTimeout: 20_000,
  },
});
