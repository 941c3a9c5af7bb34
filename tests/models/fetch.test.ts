import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { withoutOurSettings } from '../portal.ts'
import { FakeHub } from './fake-hub.ts'
import { scratchFolder } from '../scratch.ts'
import { aModelFolder } from './model-folder.ts'
import { makeTinyModel } from './tiny-model.ts'

const root = path.join(import.meta.dirname, '../..')
const files = ['config.json', 'onnx/model_quantized.onnx', 'tokenizer.json', 'tokenizer_config.json']
const source = mkdtempSync(path.join(tmpdir(), 'linli-hub-'))
makeTinyModel(source, 'tiny')
const contents = new Map(files.map(file => [file, readFileSync(path.join(source, 'tiny', file))]))
const hub = await new FakeHub(contents).start()
afterAll(() => {
  hub.stop()
  rmSync(source, { recursive: true })
})
beforeEach(() => {
  hub.requests.length = 0
  hub.plans.clear()
})

/** `npm run models`, as package.json starts it, without the installation of the portal's own packages. */
function start(folder: string, settings: Record<string, string> = {}) {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', path.join(root, 'scripts/models.ts')], {
    cwd: root, env: { ...withoutOurSettings(process.env), CHAT_MODEL_DIR: folder, CHAT_MODEL: 'linli/tiny', CHAT_MODEL_HUB: hub.url, ...settings },
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk
    })
  }
  const ended = new Promise<{ code: number | null, output: string, last: string }>(resolve => child.once('close', code => resolve({ code, output, last: output.trimEnd().split('\n').at(-1) ?? '' })))
  return { ended, kill: () => child.kill('SIGKILL') }
}
const models = (folder: string, settings?: Record<string, string>) => start(folder, settings).ended
const place = (folder: string, file: string) => path.join(folder, 'linli/tiny', file)
const filesIn = (folder: string) => readdirSync(path.join(folder, 'linli'), { recursive: true, withFileTypes: true }).filter(entry => entry.isFile()).map(entry => entry.name).sort()
const whole = ['config.json', 'fetched.json', 'model_quantized.onnx', 'tokenizer.json', 'tokenizer_config.json']

describe('npm run models', () => {
  it('fetches a model of one commit, tries it, and says what to set; a second run fetches nothing', async () => {
    const folder = aModelFolder({ model: false })

    const first = await models(folder, { CHAT_MODEL_DIR: folder })
    const asked = hub.requests.map(request => request.path)
    hub.requests.length = 0
    const second = await models(folder)

    expect(first.output).toMatch(/trial\s+it answers with 8 numbers/)
    expect(first).toMatchObject({ code: 0, last: 'The chat searches by meaning after the next start.' })
    expect(filesIn(folder)).toEqual(whole)
    for (const [file, content] of contents) expect(readFileSync(place(folder, file))).toEqual(content)
    expect(asked).toEqual(['/linli/tiny/resolve/main/config.json', ...['tokenizer.json', 'tokenizer_config.json', 'onnx/model_quantized.onnx'].map(file => `/linli/tiny/resolve/${hub.commit}/${file}`), '/storage/onnx/model_quantized.onnx'])
    expect(second).toMatchObject({ code: 0 })
    expect(second.output).toMatch(/model\s+there already/)
    expect(hub.requests).toEqual([])
  })

  it('goes on where it was killed, and fetches again what was spoilt since', async () => {
    const folder = aModelFolder({ model: false })
    const onnx = contents.get('onnx/model_quantized.onnx')!
    const half = Math.ceil(onnx.length / 2)
    hub.plans.set('onnx/model_quantized.onnx', 'stalls half way')
    const killed = start(folder)
    await vi.waitFor(() => expect(readFileSync(place(folder, 'onnx/model_quantized.onnx.part')).length).toBe(half), { timeout: 50_000, interval: 50 })
    killed.kill()
    await killed.ended
    expect(existsSync(place(folder, 'onnx/model_quantized.onnx'))).toBe(false)
    hub.plans.clear()
    hub.requests.length = 0
    writeFileSync(place(folder, 'config.json'), '{}')

    expect((await models(folder)).code).toBe(0)
    expect(hub.requests.filter(({ path: asked }) => asked.startsWith('/storage/'))).toEqual([{ path: '/storage/onnx/model_quantized.onnx', range: `bytes=${half}-` }])
    expect(filesIn(folder)).toEqual(whole)
    for (const [file, content] of contents) expect(readFileSync(place(folder, file))).toEqual(content)
  })

  it.each([
    ['tokenizer.json', 'torn', /^tokenizer\.json of linli\/tiny did not arrive as 127\.0\.0\.1:\d+ announced it; nothing of it was kept\. Run npm run models again\.$/],
    ['onnx/model_quantized.onnx', 'wrong hash', /^onnx\/model_quantized\.onnx of linli\/tiny did not arrive as/],
    ['config.json', 'page of a captive portal', /^config\.json of linli\/tiny did not arrive as/],
    ['config.json', 'missing', /has no config\.json of a model linli\/tiny; CHAT_MODEL names one that offers it\.$/],
    ['tokenizer.json', 'cut half way', /cannot be reached from here, or went silent\. Run npm run models again, name a mirror/],
  ] as const)('%s that is %s: one sentence, and nothing torn gets its name', async (file, plan, sentence) => {
    const folder = aModelFolder({ model: false })
    hub.plans.set(file, plan)

    const { code, last, output } = await models(folder)

    expect(code).toBe(1)
    expect(last).toMatch(sentence)
    expect(output).not.toContain('    at ')
    expect(existsSync(place(folder, file))).toBe(false)
    expect(existsSync(place(folder, `${file}.part`))).toBe(plan === 'cut half way')
  })

  it('says how a machine without that network gets one, and takes what was copied', async () => {
    const folder = aModelFolder({ model: false })
    const alone = await models(folder, { CHAT_MODEL_HUB: 'http://127.0.0.1:9' })
    expect(alone.last).toContain(`The model cannot be fetched: 127.0.0.1:9 cannot be reached from here, or went silent. Run npm run models again, name a mirror in CHAT_MODEL_HUB, or copy config.json, tokenizer.json, tokenizer_config.json, onnx/model_quantized.onnx of linli/tiny into ${path.join(folder, 'linli/tiny')}`)

    makeTinyModel(folder, 'linli/tiny')
    expect((await models(folder, { CHAT_MODEL_HUB: 'http://127.0.0.1:9' })).code).toBe(0)
  })

  it('does not call a model ready that does not work', async () => {
    const folder = aModelFolder({ model: false })
    makeTinyModel(folder, 'linli/tiny')
    writeFileSync(place(folder, 'onnx/model_quantized.onnx'), 'torn')

    expect(await models(folder)).toMatchObject({ code: 1, last: expect.stringMatching(/^linli\/tiny is in \S+, but does not work: .* Delete \S+ and run npm run models again\.$/) })
  })

  it.each(['../../outside', '..', 'owner/..', '/tmp/outside', 'owner/../../outside', '.package', 'owner/name/more'])('writes nothing for a model called %s', async (name) => {
    const folder = path.join(scratchFolder('models'), 'inside/models')
    mkdirSync(folder, { recursive: true })

    expect(await models(folder, { CHAT_MODEL: name })).toMatchObject({ code: 1, last: expect.stringMatching(/^The setting CHAT_MODEL must be a name such as /) })
    expect(readdirSync(path.join(folder, '../..'), { recursive: true }).sort()).toEqual(['inside', 'inside/models'])
    expect(hub.requests).toEqual([])
  })

  it.each(['http://hub.example', 'ftp://127.0.0.1', 'hub.example'])('fetches nothing from %s', async (address) => {
    expect((await models(aModelFolder({ model: false }), { CHAT_MODEL_HUB: address })).last).toBe('The setting CHAT_MODEL_HUB must be an address that starts with https://.')
  })
})
