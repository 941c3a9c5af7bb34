import { copyFileSync, mkdirSync } from 'node:fs'
import path from 'node:path'
import { packageFolder } from '#server/chat/retrieval/model-process'
import { install } from '../bootstrap/install.mjs'
import type { Step } from '../bootstrap/step.mjs'

const root = path.join(import.meta.dirname, '../..')

/** Installs what runs a model into `<folder>/.package`, exactly as `models/package-lock.json` says; does nothing when it is there already. */
export async function installPackage(folder: string, line: Step): Promise<void> {
  const place = packageFolder(folder)
  mkdirSync(place, { recursive: true })
  for (const file of ['models/package.json', 'models/package-lock.json', '.npmrc']) copyFileSync(path.join(root, file), path.join(place, path.basename(file)))
  await install(place, line)
}
