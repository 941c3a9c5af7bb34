import { defineConfig } from '@playwright/test'

/** Chromium without calls home; `--no-sandbox` because build servers run as root. */
const args = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync']

export default defineConfig({
  testDir: 'tests/e2e',
  outputDir: 'test-results',
  globalSetup: './tests/e2e/portal-setup.ts',
  // Half of a browser test is waiting for a page to settle: two leave a third of two cores idle.
  workers: 3,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  forbidOnly: true,
  // docs/decisions/browser-tests-twice.md: what passes only at the second try is named at the end of `npm test`; more than two of them fail the run.
  retries: 1,
  reporter: [['list']],
  use: {
    // Set by the global set-up, which starts a portal of its own on a free port.
    baseURL: process.env.LINLI_E2E_URL,
    launchOptions: { executablePath: process.env.CHROMIUM_PATH, args },
    locale: 'zh-CN',
    trace: 'off',
    screenshot: 'only-on-failure',
  },
  projects: [
    { name: 'script', testIgnore: '**/*.no-script.spec.ts' },
    { name: 'no-script', testIgnore: '**/*.script.spec.ts', use: { javaScriptEnabled: false } },
  ],
})
