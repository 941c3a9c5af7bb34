import path from 'node:path'
import type { TestProject } from 'vitest/node'
import { step } from '../../scripts/bootstrap/step.mjs'
import { installPackage } from '../../scripts/models/install-package.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** A model folder that holds the packages and no model. */
    packages: string
  }
}

/** What `npm run models` installs, once for all runs until its lock changes. */
export default async function setup(project: TestProject) {
  const folder = path.resolve(import.meta.dirname, '../../.cache/models')
  await step('packages', line => installPackage(folder, line))
  project.provide('packages', folder)
}
