import { defineConfig } from 'vitest/config'

/** Two shared cores under load: a database start or a sign-in (bcrypt) can take seconds. */
const slow = { testTimeout: 60_000, hookTimeout: 120_000, teardownTimeout: 20_000 }

export default defineConfig({
  // The one at the root leads to .nuxt/, which may be absent or just being written.
  tsconfig: 'tests/vitest.tsconfig.json',
  test: {
    environment: 'node',
    pool: 'forks',
    maxWorkers: 2,
    passWithNoTests: false,
    projects: [
      { extends: true, test: { name: 'unit', include: ['tests/unit/**/*.test.ts', 'tests/architecture.test.ts', 'tests/locales.test.ts'], testTimeout: 20_000 } },
      { extends: true, test: { name: 'setup', include: ['tests/setup/**/*.test.ts'], ...slow } },
      { extends: true, test: { name: 'embedded', include: ['tests/embedded/**/*.test.ts'], ...slow } },
      { extends: true, test: { name: 'db', include: ['tests/db/**/*.test.ts'], globalSetup: ['tests/db/backend-setup.ts'], ...slow } },
      { extends: true, test: { name: 'pg15', include: ['tests/db/**/*.test.ts'], globalSetup: ['tests/db/pg15-setup.ts'], ...slow } },
      { extends: true, test: { name: 'bot', include: ['tests/bot/**/*.test.ts'], ...slow } },
      { extends: true, test: { name: 'models', include: ['tests/models/**/*.test.ts'], globalSetup: ['tests/models/package-setup.ts'], ...slow } },
      { extends: true, test: { name: 'api', include: ['tests/api/**/*.test.ts'], globalSetup: ['tests/api/portal-setup.ts'], fileParallelism: false, ...slow } },
    ],
  },
})
