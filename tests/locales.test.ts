import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { filesIn, root, sourceFiles, withoutComments } from './architecture/source-files.ts'

type Tree = { [key: string]: string | Tree }
const tree: z.ZodType<Tree> = z.lazy(() => z.record(z.string(), z.union([z.string(), tree])))

/** `<noun>.<key>` to text, per locale. */
const catalogues = new Map<string, Map<string, string>>()
for (const path of filesIn('locales').filter(path => path.endsWith('.json'))) {
  const [, locale = '', file = ''] = path.split('/')
  const noun = file.replace('.json', '')
  const content = tree.parse(JSON.parse(readFileSync(join(root, path), 'utf8')))
  const texts = catalogues.get(locale) ?? new Map<string, string>()
  for (const [key, text] of leaves(content)) texts.set(key, text)
  for (const key of Object.keys(content)) if (key !== noun) texts.set(`${path} must nest everything under`, noun)
  catalogues.set(locale, texts)
}

/** Files whose literal keys count; a key built at run time is used by the prefix in front of its first variable. */
const code = sourceFiles().filter(({ path }) => !path.startsWith('tests/')).map(({ path, text }) => ({ path, text: withoutComments(text) }))

describe('locales', () => {
  const [first = 'zh', ...others] = [...catalogues.keys()].sort().reverse()

  it('there are texts in Chinese and in English', () => {
    expect([...catalogues.keys()].sort()).toEqual(expect.arrayContaining(['en', 'zh']))
  })

  it.each(others)(`${first} and %s have the same keys`, (other) => {
    const [here, there] = [catalogues.get(first), catalogues.get(other)]
    const missing = [...(here?.keys() ?? [])].filter(key => !there?.has(key))
    const surplus = [...(there?.keys() ?? [])].filter(key => !here?.has(key))

    expect({ missing, surplus }, `Fix: write the missing texts in ${other}, or remove what nobody needs.`).toEqual({ missing: [], surplus: [] })
  })

  it.each([...catalogues.keys()])('no text in %s is empty', (locale) => {
    const empty = [...(catalogues.get(locale) ?? [])].filter(([, text]) => !text.trim()).map(([key]) => key)

    expect(empty).toEqual([])
  })

  it.each([...catalogues.keys()])('placeholders in %s are those of the other locale', (locale) => {
    const differing = [...(catalogues.get(locale) ?? [])].filter(([key, text]) => placeholders(text) !== placeholders(catalogues.get(first)?.get(key) ?? text)).map(([key]) => key)

    expect(differing, 'Fix: use the same {names} in every language.').toEqual([])
  })

  it('every literal key exists', () => {
    const known = catalogues.get(first)
    const unknown = code.flatMap(({ path, text }) => [...text.matchAll(/(?<![\w.])\$?(?:t|te|tm|rt)\(\s*'([^']+)'/g)].filter(([, key = '']) => !known?.has(key)).map(([, key]) => `${path}: ${key}`))

    expect(unknown, 'Fix: add the text to locales/<code>/<noun>.json, or correct the key.').toEqual([])
  })

  it('every text is used', () => {
    const written = code.map(({ text }) => text).join('\n')
    const literals = new Set([...written.matchAll(/['"`]([\w-]+(?:\.[\w-]+)+)['"`]/g)].map(([, key]) => key))
    const prefixes = [...new Set([...written.matchAll(/[`'"]([\w-]+(?:\.[\w-]+)*\.)(?:\$\{|['"]\s*\+)/g)].map(([, prefix]) => prefix ?? ''))]
    const unused = [...(catalogues.get(first)?.keys() ?? [])].filter(key => !literals.has(key) && !prefixes.some(prefix => key.startsWith(prefix)))

    expect(unused, 'Fix: remove the text from every language.').toEqual([])
  })
})

function leaves(content: Tree, prefix = ''): [string, string][] {
  return Object.entries(content).flatMap(([key, value]) => typeof value === 'string' ? [[prefix + key, value] satisfies [string, string]] : leaves(value, `${prefix}${key}.`))
}

function placeholders(text: string) {
  return [...new Set([...text.matchAll(/\{\s*(\w+)\s*\}/g)].map(([, name]) => name))].sort().join()
}
