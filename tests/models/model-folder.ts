import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { inject } from 'vitest'
import { packageFolder, packageName } from '#server/chat/retrieval/model-process'
import { scratchFolder } from '../scratch.ts'
import { makeTinyModel } from './tiny-model.ts'

/** A CHAT_MODEL_DIR: with the real packages, with others' code in their place, or with none; with the tiny model or without. */
export function aModelFolder({ model = true, code = 'real' }: { model?: boolean, code?: 'real' | 'none' | { source: string } } = {}): string {
  const folder = scratchFolder('models')
  if (model) makeTinyModel(folder, 'tiny')
  if (code === 'real') symlinkSync(packageFolder(inject('packages')), packageFolder(folder))
  if (typeof code === 'object') {
    const place = path.join(packageFolder(folder), 'node_modules', packageName)
    mkdirSync(place, { recursive: true })
    writeFileSync(path.join(place, 'package.json'), '{ "type": "module", "main": "main.js" }')
    writeFileSync(path.join(place, 'main.js'), code.source)
  }
  return folder
}
