import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'

// Imported by a test file, this stands among its hooks: what the file made goes when it is done.
const made: string[] = []
afterAll(() => {
  for (const folder of made) rmSync(folder, { recursive: true, force: true })
})

/** A folder that goes when the test file is done. */
export const scratchFolder = (name: string): string => removeAfterwards(mkdtempSync(join(tmpdir(), `linli-${name}-`)))

/** The same for a folder that somebody else made. */
export function removeAfterwards(folder: string): string {
  made.push(folder)
  return folder
}
