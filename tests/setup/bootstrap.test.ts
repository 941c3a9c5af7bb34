import { spawn, spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { fingerprint } from '../../scripts/bootstrap/build.mjs'
import { processIdentity, takeLock, withLock } from '../../scripts/bootstrap/process-lock.mjs'
import { scratchFolder } from '../scratch.ts'

const root = join(import.meta.dirname, '../..')
const fakeNpm = join(import.meta.dirname, 'fixtures/npm/npm-cli.js')

const aFolder = () => scratchFolder('bootstrap')

function aProject() {
  const folder = aFolder()
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
  return folder
}

function install(folder: string, env: Record<string, string> = {}): Promise<{ code: number | null, output: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [join(import.meta.dirname, 'fixtures/install.mjs'), folder], { env: { PATH: process.env.PATH, npm_execpath: fakeNpm, ...env } })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        output += chunk
      })
    }
    child.once('close', code => resolve({ code, output }))
  })
}

describe('the installation', () => {
  it('runs once when two start in one folder at the same time', async () => {
    const folder = aProject()

    const both = await Promise.all([install(folder), install(folder)])

    expect(both.map(({ code }) => code)).toEqual([0, 0])
    expect(readFileSync(join(folder, 'npm.log'), 'utf8')).toBe('begin end ')
  })

  it('runs again only when what describes the dependencies has changed', async () => {
    const folder = aProject()
    await install(folder)
    const unchanged = await install(folder)
    writeFileSync(join(folder, '.npmrc'), 'audit=false')

    const changed = await install(folder)

    expect(unchanged.output).toContain('up to date')
    expect(changed.output).toContain('changed, installing')
    expect(readFileSync(join(folder, 'npm.log'), 'utf8')).toBe('begin end begin end ')
  })

  it.each([
    ['npm error code ENOTFOUND', 'The dependencies could not be fetched: the npm registry cannot be reached from here.'],
    ['npm error code ENOSPC', 'The disk is full: the dependencies (about 1 GB) could not be installed.'],
    ['npm error code EACCES', 'The dependencies could not be installed: this user may not write to the node_modules folder or to the npm cache.'],
    ['npm error something else', 'The dependencies could not be installed; npm says why above.'],
  ])('says in one sentence what is wrong: %s', async (words, sentence) => {
    const { code, output } = await install(aProject(), { FAKE_NPM_FAILS: words })

    expect(code).toBe(1)
    expect(output.trimEnd().split('\n').at(-1)).toBe(sentence)
    expect(output).not.toContain('    at ')
  })

  it('says that the registry cannot be reached when the real npm finds nobody there', async () => {
    const folder = aProject()
    writeFileSync(join(folder, 'package.json'), '{ "dependencies": { "linli-nowhere": "1.0.0" } }')
    writeFileSync(join(folder, '.npmrc'), 'registry=http://127.0.0.1:9\nfetch-retries=0\n')

    const { code, output } = await install(folder, { npm_execpath: '', HOME: folder, npm_config_cache: join(folder, 'cache') })

    expect(code).toBe(1)
    expect(output.trimEnd().split('\n').at(-1)).toBe('The dependencies could not be fetched: the npm registry cannot be reached from here.')
  })
})

describe('the lock of a folder', () => {
  it('lets only one at a time in', async () => {
    const lock = join(aFolder(), 'a.lock')
    const holder = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60000)'])
    writeFileSync(lock, processIdentity(holder.pid ?? 0) ?? '')
    const waitedFor: number[] = []

    const work = withLock(lock, pid => waitedFor.push(pid), () => 'done')
    await new Promise(resolve => setTimeout(resolve, 100))
    holder.kill('SIGKILL')

    expect(await work).toBe('done')
    expect(waitedFor).toEqual([holder.pid])
  })

  it('of a process that died is taken over, also when its id runs again', () => {
    const lock = join(aFolder(), 'a.lock')
    writeFileSync(lock, `${process.pid} 1`)

    expect(takeLock(lock)).toBeUndefined()
    expect(readFileSync(lock, 'utf8')).toBe(processIdentity(process.pid))
  })
})

describe('the build', () => {
  it('is stale when a source file is changed, added, renamed or removed, and only then', () => {
    const folder = aFolder()
    mkdirSync(join(folder, 'pages'))
    const seen = [fingerprint(folder)]
    const look = (change: () => void) => {
      change()
      seen.push(fingerprint(folder))
    }

    look(() => writeFileSync(join(folder, 'pages/index.vue'), '<template />'))
    look(() => writeFileSync(join(folder, 'pages/index.vue'), '<template><p /></template>'))
    look(() => writeFileSync(join(folder, 'nuxt.config.ts'), 'export default {}'))
    look(() => rmSync(join(folder, 'pages/index.vue')))

    expect(new Set(seen).size).toBe(5)
    look(() => writeFileSync(join(folder, 'README.md'), 'not a source'))
    expect(seen.at(-1)).toBe(seen.at(-2))
  })
})

describe('the command line', () => {
  it('lists the commands when there is no such command', () => {
    const { status, stderr } = spawnSync(process.execPath, [join(root, 'scripts/bootstrap.mjs'), 'strat'], { encoding: 'utf8' })

    expect(status).toBe(1)
    expect(stderr.trim()).toMatch(/^There is no command "strat"; there are start, /)
  })

  it('every npm script is a command of the bootstrap', () => {
    const scripts: unknown = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).scripts

    expect(Object.entries(scripts ?? {}).filter(([name, script]) => script !== `node scripts/bootstrap.mjs ${name}`)).toEqual([])
  })
})
