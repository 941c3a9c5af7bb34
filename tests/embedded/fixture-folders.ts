import path from 'node:path'

const fixtures = path.join(import.meta.dirname, 'fixtures')

/** A schema of a few objects, so that these tests do not move with the real one. */
export const fixtureFolders = { migrations: path.join(fixtures, 'migrations'), seeds: path.join(fixtures, 'seeds') }
