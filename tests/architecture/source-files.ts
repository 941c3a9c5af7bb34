import { readFileSync, readdirSync, statSync } from 'node:fs'
import { dirname, join, posix, relative } from 'node:path'

export const root = join(import.meta.dirname, '../..')

/** Folders that hold code of ours; everything else is generated, installed or data. */
const codeFolders = ['pages', 'components', 'layouts', 'composables', 'middleware', 'plugins', 'modules', 'shared', 'server', 'bot', 'supabase', 'scripts', 'tests', 'types']

export interface SourceFile {
  /** From the root, with slashes. */
  path: string
  text: string
  /** What it imports: our own files as paths from the root without extension, packages by name. */
  imports: Import[]
}

export interface Import {
  written: string
  /** Path from the root without extension; undefined for a package. */
  file: string | undefined
  /** Name of the package; undefined for a file of ours. */
  module: string | undefined
}

/** Every TypeScript, Vue and .mjs file of ours. */
export function sourceFiles(): SourceFile[] {
  const top = readdirSync(root).filter(name => /\.(ts|vue|mjs)$/.test(name))
  return [...top, ...codeFolders.flatMap(folder => filesIn(folder))]
    .filter(path => /\.(ts|vue|mjs)$/.test(path))
    .map((path) => {
      const text = readFileSync(join(root, path), 'utf8')
      return { path, text, imports: importsOf(path, text) }
    })
}

/** Every path below a folder, from the root; nothing when the folder is absent. */
export function filesIn(folder: string): string[] {
  const absolute = join(root, folder)
  if (!statSync(absolute, { throwIfNoEntry: false })?.isDirectory()) return []
  return readdirSync(absolute, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => relative(root, join(entry.parentPath, entry.name)).split('\\').join('/'))
}

/** Static and dynamic imports and re-exports of a file, comments left out. */
export function importsOf(path: string, text: string): Import[] {
  const code = withoutComments(text)
  const found = [...code.matchAll(/\b(?:import|export)\b[^'"`;()]*?\bfrom\s*['"]([^'"]+)['"]|\bimport\s*['"]([^'"]+)['"]|\bimport\s*\(\s*['"]([^'"]+)['"]/g)]
  return found.map(match => resolve(path, match[1] ?? match[2] ?? match[3] ?? ''))
}

function resolve(from: string, written: string): Import {
  const file = fileOf(from, written)
  return { written, file: file?.replace(/\.(ts|vue|mjs|js|json)$/, ''), module: file === undefined ? packageOf(written) : undefined }
}

function fileOf(from: string, written: string) {
  if (written.startsWith('.')) return posix.normalize(posix.join(dirname(from), written))
  if (/^#(shared|server)\//.test(written)) return written.slice(1)
  const aliased = /^(?:~~|@@|~|@)\/(.+)$/.exec(written)
  return aliased?.[1]
}

function packageOf(written: string) {
  return written.startsWith('@') ? written.split('/').slice(0, 2).join('/') : written.startsWith('node:') ? 'node:' : written.split('/')[0]
}

/** Blanks comments, so that code in an example is no code; strings stay. */
export function withoutComments(text: string): string {
  return text.replace(/<!--[\s\S]*?-->|\/\*[\s\S]*?\*\/|(^|[\s;{}(,])\/\/[^\n]*/g, (comment, before: string | undefined) => (before ?? '') + comment.replace(/[^\n]/g, ''))
}
