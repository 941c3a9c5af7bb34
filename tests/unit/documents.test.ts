import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { demoAccounts } from '#shared/accounts/demo-accounts'
import { readConfig } from '#server/config'
import { roles } from '../../scripts/serve/announce.ts'
import { matrix } from '../db/role-matrix.ts'

const root = join(import.meta.dirname, '../..')
const read = (path: string) => readFileSync(join(root, path), 'utf8')
const documents = ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'supabase/embedded/README.md', ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' }).filter(path => path.endsWith('.md')).map(path => `docs/${path}`)]
/** Made by a run, so not in a fresh clone. */
const isMade = (path: string) => /^(\.data|\.cache|tests\/bench\/results)\b/.test(path)
const withoutCode = (text: string) => text.replace(/^```[\s\S]*?^```/gm, '')

/** Paths a document names: targets of links and pictures, and `code` that looks like a path of the repository. */
function pathsIn(document: string) {
  const text = withoutCode(read(document))
  const links = [...text.matchAll(/\]\((?!https?:|mailto:|#)([^)#\s]+)/g)].map(([, path = '']) => join(dirname(document), path))
  const code = [...text.matchAll(/`((?:\.{2}\/)*(?:[\w.[\]-]+\/)+(?:[\w.[\]-]+)?|[\w-]+\.(?:ts|mjs|md|json|sql|vue))`/g)].map(([, path = '']) => path)
  return { links, code }
}

const folders = ['assets', 'components', 'composables', 'docs', 'layouts', 'locales', 'modules', 'pages', 'plugins', 'scripts', 'server', 'shared', 'supabase', 'tests', 'types']
const names = new Set(folders.flatMap(folder => readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })).map(path => path.split('/').at(-1)))
/** A file named alone, such as `backend.ts`, may lie anywhere. */
const inTree = (path: string) => !path.includes('/') && names.has(path)

const exists = (path: string) => existsSync(join(root, path)) || isMade(path)

describe('README and docs', () => {
  it.each(documents)('%s links and names only files that exist', (document) => {
    const { links, code } = pathsIn(document)
    const roots = [...new Set(readdirSync(root))]
    const missing = [
      ...links.filter(path => !exists(path)),
      ...code.filter((path) => {
        const isOurs = path.includes('/') ? roots.includes(path.split('/')[0] ?? '') || path.startsWith('../') : true
        return isOurs && !exists(path) && !existsSync(join(root, dirname(document), path)) && !inTree(path)
      }),
    ]

    expect(missing, 'Fix: write the path as it is now.').toEqual([])
  })

  it('finds links and paths that lead nowhere', () => {
    expect(exists('docs/no-such-file.md')).toBe(false)
    expect(pathsIn('README.md').code).toContain('shared/errors.ts')
    expect(pathsIn('README.md').links.length).toBeGreaterThan(3)
  })

  it('each test that the threat model cites by its name is in the file it names', () => {
    const cited = [...read('docs/threat-model.md').matchAll(/`(tests\/[^`]+)` "([^"]+)"/g)].map(([, file = '', name = '']) => ({ file, name }))
    const lost = cited.filter(({ file, name }) => !unescaped(read(file)).includes(name)).map(({ file, name }) => `${file}: ${name}`)

    expect(cited.length).toBeGreaterThan(20)
    expect(lost, 'Fix: cite the test by the name it has now, or say that nothing holds.').toEqual([])
  })
})

describe('the table of rights in docs/architecture.md', () => {
  it('is the matrix that the database tests try', () => {
    const people = { 'guest': 'guest', 'resident': 'amina_resident', 'officer': 'officer_wang', 'lead': 'lead_zhao', 'chief': 'chief_qian', 'chief, named': 'chief_sun', 'auditor': 'auditor_wu', 'admin': 'admin_zheng', 'chief elsewhere': 'chief_far', 'secret key': 'server' } as const
    const word = (outcome: string) => outcome === 'denied' ? '–' : outcome === 'none' ? '0' : outcome.replace('rows:', '')
    const right = Object.entries(matrix).map(([table, { select }]) => `| \`${table}\` | ${Object.values(people).map(person => word(select[person])).join(' | ')} |`)
    const written = read('docs/architecture.md').split('\n').filter(line => /^\| `\w+` \| .* \|$/.test(line) && line.split('|').length === Object.keys(people).length + 3)

    expect(read('docs/architecture.md')).toContain(`| table | ${Object.keys(people).join(' | ')} |`)
    expect(written, 'Fix: copy the lines that are expected here into the table.').toEqual(right)
  })
})

describe('the settings in the README', () => {
  const section = read('README.md').split('\n## Settings\n')[1]?.split('\n## ')[0] ?? ''
  const rows = [...section.matchAll(/^\| (`[A-Z][^|]*) \| ([^|]*) \|/gm)].flatMap(([, names = '', standard = '']) => [...names.matchAll(/`(\w+)`/g)].map(([, name = '']) => ({ name, standard })))

  it('are those that portal and embedded backend read, each once', () => {
    const schema = (path: string) => [...(/= z\.object\(\{\n([\s\S]*?)\n\}\)/.exec(read(path))?.[1] ?? '').matchAll(/^ {2}([A-Z][A-Z0-9_]+):/gm)].map(([, name]) => name)
    const known = new Set([...schema('server/config.ts'), ...schema('supabase/embedded/config.ts')])

    expect(known.size).toBeGreaterThan(15)
    expect(rows.map(({ name }) => name).toSorted()).toEqual([...known].toSorted())
  })

  it('name the defaults that hold', () => {
    const standards = readConfig({ LINLI_DEMO: '1' })
    const named = new Map(rows.map(({ name, standard }) => [name, standard.replaceAll('`', '')]))

    expect({ PORT: named.get('PORT'), HOST: named.get('HOST'), LINLI_DATA_DIR: named.get('LINLI_DATA_DIR'), LINLI_LOG_LEVEL: named.get('LINLI_LOG_LEVEL'), EXIT_PAGE_URL: named.get('EXIT_PAGE_URL'), TRUST_PROXY: named.get('TRUST_PROXY') })
      .toEqual({ PORT: String(standards.port), HOST: standards.host, LINLI_DATA_DIR: standards.dataDir, LINLI_LOG_LEVEL: standards.logLevel, EXIT_PAGE_URL: standards.exitPageUrl, TRUST_PROXY: String(standards.trustedProxies) })
  })
})

describe('the commands in the README', () => {
  const text = read('README.md')

  it('are those of package.json', () => {
    const scripts = Object.keys(z.object({ scripts: z.record(z.string(), z.string()) }).parse(JSON.parse(read('package.json'))).scripts)
    const named = new Set([...text.matchAll(/`npm (?:run )?([a-z:]+)/g)].map(([, name]) => name))

    expect([...named].toSorted()).toEqual(scripts.toSorted())
  })

  it('name every bench there is', () => {
    const parts = /parts = new Set\(\[(.*)\]\)/.exec(read('tests/bench/main.ts'))?.[1] ?? ''
    const benches = readdirSync(join(root, 'tests/bench')).filter(file => file.endsWith('.ts') && !parts.includes(`'${file}'`)).map(file => file.replace('.ts', ''))
    const named = [...(text.split('\n| bench | shows |\n')[1]?.split('\n\n')[0] ?? '').matchAll(/^\| `([\w-]+)`/gm)].map(([, name]) => name)

    expect(named.toSorted()).toEqual(benches.toSorted())
  })
})

const unescaped = (text: string) => text.replaceAll('\\\'', '\'')

it('README and the last lines of a start say the same of each demo account', () => {
  const rows = demoAccounts.map(({ email, role }) => `| \`${email}\` | ${roles[role]} |`)

  expect(read('README.md').split('\n').filter(line => line.includes('@demo.linli')).sort()).toEqual(rows.sort())
})

/** `runIf` stands where a test can be made by root alone. */
it('no test is skipped or left alone', () => {
  const files = readdirSync(join(root, 'tests'), { recursive: true, encoding: 'utf8' }).filter(path => path.endsWith('.ts'))

  expect(files.filter(path => /\b(?:test|it|describe)\.(?:skip|skipIf|fixme|todo|only)\b/.test(read(`tests/${path}`)) && !path.endsWith('documents.test.ts'))).toEqual([])
})
