import { describe, expect, it } from 'vitest'
import { nouns } from '#shared/features'
import { allowedPairs, layers, reserved } from './architecture/layers.ts'
import { filesIn, importsOf, sourceFiles, withoutComments } from './architecture/source-files.ts'

const files = sourceFiles()
const layerOf = (path: string) => layers.find(layer => layer.files.test(path.replace(/\.(ts|vue|mjs)$/, '')))

describe('the dependency rule of ARCHITECTURE.md', () => {
  it('knows a layer for every file of the portal', () => {
    const homeless = files.filter(({ path }) => /^(server|shared|bot|pages|components|layouts|composables)\//.test(path) && !layerOf(path)).map(({ path }) => path)

    expect(homeless, 'No layer for these: move them into one, or add the layer to tests/architecture/layers.ts with what it may import.').toEqual([])
  })

  it.each(layers)('$name imports only what it may', (layer) => {
    const breaches = files.filter(({ path }) => layerOf(path) === layer).flatMap(({ path, imports }) => imports.flatMap(({ written, file, module }) => {
      if (module !== undefined) return layer.packages && !layer.packages.test(module) ? [`${path} imports the package ${written}`] : []
      const target = file === undefined ? undefined : layerOf(file)
      if (file === undefined || target === layer || (target && layer.mayImport.includes(target.name))) return []
      if (allowedPairs.some(({ from, to }) => from.test(path) && to.test(file))) return []
      return [`${path} imports ${written} (${target?.name ?? 'outside every layer'})`]
    }))

    expect(breaches, `Fix: ${layer.fix}.`).toEqual([])
  })

  it.each(reserved)('$fix', ({ packages, places, fix }) => {
    const breaches = files.filter(({ path }) => !places.test(path)).flatMap(({ path, imports }) => imports.filter(({ module }) => module !== undefined && packages.test(module)).map(({ written }) => `${path} imports ${written}`))

    expect(breaches, `Fix: ${fix}.`).toEqual([])
  })

  it('sees imports of every shape, and none in comments', () => {
    const text = `import a from './a.ts'\nimport type { B } from '#shared/b/c'\nexport { d } from "~/server/d"\nimport 'zod'\nconst e = await import('@supabase/supabase-js')\nimport {\n  f,\n} from '../f.ts'\n// import g from './g.ts'\n/* import h from './h.ts' */`

    const found = importsOf('server/domain/reports/x.ts', text).map(({ file, module }) => file ?? module)

    expect(found).toEqual(['server/domain/reports/a', 'shared/b/c', 'server/d', 'zod', '@supabase/supabase-js', 'server/domain/f'])
  })
})

describe('the closed list of nouns', () => {
  /** Names beside the nouns that the tree in ARCHITECTURE.md has, each with its reason. */
  const places: Record<string, { also: string[], reason: string }> = {
    'pages': { also: ['desk', 'index', 'messages'], reason: 'the desk is a level of its own; messages are of every noun' },
    'pages/desk': { also: ['index', 'mailbox', 'sign-in'], reason: 'frame of the desk' },
    'components': { also: ['ui', 'enhance', 'desk', 'frame'], reason: 'building blocks without a noun' },
    'shared': { also: ['forms', 'features', 'errors', 'locales', 'messages'], reason: 'frame of every noun' },
    'server/api': { also: ['desk', 'session', 'challenge', 'categories', 'hooks', 'messages', 'subscriptions', 'telegram', 'openapi.json'], reason: 'paths that CONTRACT.md fixes or another service calls; messages are of every noun' },
    'server/api/desk': { also: ['attachments', 'audit', 'bans', 'messages'], reason: 'paths that CONTRACT.md fixes; messages are of every noun' },
    'server/domain': { also: ['jobs', 'messages'], reason: 'what every noun uses: what runs by the clock, what goes out' },
    'bot/features': { also: [], reason: '' },
  }

  it.each(Object.entries(places))('%s holds only folders named after a noun', (place, { also }) => {
    const names = new Set(filesIn(place).map(path => path.slice(place.length + 1)).filter(rest => rest.includes('/')).map(rest => rest.split('/')[0] ?? ''))
    const strangers = [...names].filter(name => !name.startsWith('[') && !also.includes(name) && !nouns.some(noun => noun === name))

    expect(strangers, `Fix: name the folder after a noun of shared/features.ts (${nouns.join(', ')}).`).toEqual([])
  })

  it('locale files are named after a noun', () => {
    const also = ['app', 'desk', 'errors', 'messages']
    const strangers = filesIn('locales').filter(path => !/^locales\/\w+\/[\w-]+\.json$/.test(path) || ![...nouns, ...also].includes(path.split('/')[2]?.replace('.json', '') ?? ''))

    expect(strangers, `Fix: put the texts into the file of their noun, or into ${also.join(', ')}.`).toEqual([])
  })
})

describe('habits that hold everywhere', () => {
  it('only configuration files read the environment', () => {
    const allowed = /^(server\/config\.ts|supabase\/embedded\/config\.ts|scripts\/|tests\/|[\w.]+\.config\.(ts|mjs)$)/
    const breaches = files.filter(({ path, text }) => !allowed.test(path) && /\bprocess\.env\b/.test(withoutComments(text))).map(({ path }) => path)

    expect(breaches, 'Fix: read the setting in server/config.ts (or supabase/embedded/config.ts) and pass it in.').toEqual([])
  })

  it('no file is longer than 400 lines', () => {
    const exceptions: Record<string, string> = { 'server/db/database.types.ts': 'generated by npm run db:types' }
    const long = files.filter(({ path, text }) => !exceptions[path] && text.split('\n').length > 401).map(({ path, text }) => `${path}: ${text.split('\n').length} lines`)

    expect(long, 'Fix: split it by what its parts do; data may lie in several files.').toEqual([])
  })

  it('names say what a file holds', () => {
    const breaches = files.filter(({ path }) => /(^|\/)(utils?|helpers?|common|misc|managers?)(\/|\.\w+$)/.test(path)).map(({ path }) => path)

    expect(breaches, 'Fix: name it after what it does (STYLE.md, Names).').toEqual([])
  })

  it('exported functions of the rules have a doc comment', () => {
    const documented = /^(shared|server\/domain|server\/standards|server\/chat)\//
    const bare = files.filter(({ path }) => documented.test(path)).flatMap(({ path, text }) => undocumentedExports(text).map(name => `${path}: ${name}`))

    expect(bare, 'Fix: one line of what it does above it, as /** … */ (STYLE.md, Doc comments).').toEqual([])
  })

  it('finds exported functions without a doc comment, however they are written', () => {
    const text = `/** Adds. */\nexport function add() {}\n\nexport function bare() {}\n/** Says. */\nexport const says = () => 1\nexport const bareArrow = async (a: string) => a\nexport const value = 3\n`

    expect(undocumentedExports(text)).toEqual(['bare', 'bareArrow'])
  })
})

function undocumentedExports(text: string) {
  const lines = text.split('\n')
  return lines.flatMap((line, index) => {
    const name = /^export (?:async )?function\*? (\w+)|^export const (\w+)(?:: [^=]+)? = (?:async )?(?:function\b|\([^)]*\)(?:: [^=]+)? =>|\w+ =>)/.exec(line)
    if (!name || lines[index - 1]?.trimEnd().endsWith('*/')) return []
    const isOverload = new RegExp(`^export (?:async )?function ${name[1]}\\b`).test(lines[index - 1] ?? '')
    return isOverload ? [] : [name[1] ?? name[2] ?? '']
  })
}
