import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { z } from 'zod'
import { runJobs } from '../run-jobs.ts'
import { aReport, problemOf, send, signedIn } from './portal-client.ts'

const { dataDir } = inject('portal')
const folder = mkdtempSync(join(tmpdir(), 'linli-verify-'))
let filed: Awaited<ReturnType<typeof aReport>>
const proofOf = async (receipt = filed.receipt) => send('GET', `/api/reports/${filed.reference}/proof`, { receipt })

beforeAll(async () => {
  filed = await aReport({ description: 'The lamp at the corner is dark.' })
  await runJobs(dataDir)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const proofSchema = z.object({
  statement: z.looseObject({ reference: z.string(), contentHash: z.string(), signature: z.string() }), nonce: z.string().regex(/^[0-9a-f]{64}$/), content: z.looseObject({ description: z.string() }),
  proof: z.looseObject({ leaf: z.looseObject({ row: z.string() }), block: z.looseObject({ number: z.number(), signature: z.string() }), path: z.array(z.unknown()), root: z.unknown() }),
})

describe('GET /api/reports/{reference}/proof', () => {
  it('gives the whole receipt with its proof to whoever has the receipt', async () => {
    const answer = await proofOf()

    expect(answer.status).toBe(200)
    const whole = proofSchema.parse(answer.body)
    expect(whole.statement).toEqual(filed.statement)
    expect(whole.proof.leaf.row).toBe(filed.reference)
    expect(whole.content.description).toBe('The lamp at the corner is dark.')
    expect(answer.headers.get('cache-control')).toContain('no-store')
  })

  it('a wrong receipt, no receipt, a stranger\'s session and an unknown reference all get the same 404', async () => {
    const wrong = await proofOf('0000-0000-0000-0000-0000-0000')
    const refusals = [await send('GET', `/api/reports/${filed.reference}/proof`), await send('GET', `/api/reports/${filed.reference}/proof`, { cookie: await signedIn('officer') }), await send('GET', '/api/reports/LL-0000-0000/proof', { receipt: filed.receipt })]

    expect(problemOf(wrong).code).toBe('not_found')
    for (const refusal of refusals) expect({ status: refusal.status, text: refusal.text }).toEqual({ status: wrong.status, text: wrong.text })
  })
})

describe('what is published', () => {
  it('/verify/roots.json lists signed roots, newest first, and keys.json the keys they are checked with', async () => {
    const roots = await send('GET', '/verify/roots.json')
    const keys = await send('GET', '/verify/keys.json')

    const listed = z.object({ roots: z.array(z.object({ day: z.iso.date(), root: z.string(), keyId: z.string(), signature: z.string() }).loose()), next: z.string().nullable() }).parse(roots.body)
    const days = listed.roots.map(({ day }) => day)
    expect(days).toEqual(days.toSorted().reverse())
    expect(z.object({ keys: z.array(z.looseObject({ kid: z.string(), kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: z.string() })).min(1) }).parse(keys.body).keys.every(key => !('d' in key))).toBe(true)
    expect(problemOf(await send('GET', '/verify/roots.json?before=yesterday')).code).toBe('invalid')
  })

  it('/feeds/roots.atom is Atom, and 304 for whoever has it already', async () => {
    const feed = await send('GET', '/feeds/roots.atom')
    const etag = feed.headers.get('etag') ?? ''
    const again = await send('GET', '/feeds/roots.atom', { headers: { 'if-none-match': etag } })
    const weak = await send('GET', '/feeds/roots.atom', { headers: { 'if-none-match': `"other", W/${etag}` } })

    expect(feed.type).toBe('application/atom+xml; charset=utf-8')
    expect(feed.text).toMatch(/^<\?xml version="1.0" encoding="utf-8"\?>\n<feed xmlns="http:\/\/www.w3.org\/2005\/Atom"><id>.*<\/id><title>.*<\/title><updated>\d{4}-\d\d-\d\dT.*Z<\/updated><author><name>.+<\/name><\/author><link rel="self"/)
    expect(etag).toMatch(/^"[\w-]{20,}"$/)
    expect([again.status, again.text, weak.status]).toEqual([304, '', 304])
    expect((await send('GET', '/feeds/roots.atom', { headers: { 'if-none-match': '"other"' } })).status).toBe(200)
  })
})

describe('the program of /verify', () => {
  it('checks a saved receipt in an empty folder, without our modules and without a network', async () => {
    const save = (name: string, text: string) => writeFileSync(join(folder, name), text)
    const [script, keys, roots, receipt] = await Promise.all([send('GET', '/verify/verify-receipt.mjs'), send('GET', '/verify/keys.json'), send('GET', '/verify/roots.json'), proofOf()])
    save('verify-receipt.mjs', script.text)
    save('keys.json', keys.text)
    save('roots.json', roots.text)
    save('receipt.txt', `Receipt\n\n${receipt.text}\n`)
    save('altered.txt', receipt.text.replace('The lamp at', 'No lamp at'))
    // Whoever reaches for a network, or for a module beside Node's own, falls over this.
    save('alone.mjs', 'import net from \'node:net\'\nimport { registerHooks } from \'node:module\'\nconst no = () => { throw new Error(\'a network was asked for\') }\nnet.Socket.prototype.connect = no\nglobalThis.fetch = no\n'
    + 'registerHooks({ resolve(name, context, next) { if (!/^(node:|file:)/.test(name)) throw new Error(`a module was asked for: ${name}`); return next(name, context) } })\n')
    const run = (name: string) => promisify(execFile)(process.execPath, ['--import=./alone.mjs', './verify-receipt.mjs', name, 'keys.json', 'roots.json'], { cwd: folder, env: { PATH: '' } })
      .then(({ stdout }) => ({ code: 0, says: stdout }), (error: { code: number, stdout: string, stderr: string }) => ({ code: error.code, says: error.stdout + error.stderr }))

    const good = await run('receipt.txt')
    const bad = await run('altered.txt')

    expect(good.says).not.toContain('WRONG')
    expect(good.says).toMatch(/^right/m)
    expect(good.code).toBe(0)
    expect(bad.says).toMatch(/^WRONG/m)
    expect(bad.code).toBe(1)
  })
})

describe('npm run jobs', () => {
  it('with --dry-run says for each job what it would do, and does nothing', async () => {
    const first = await runJobs(dataDir, '--dry-run')
    const second = await runJobs(dataDir, '--dry-run')

    expect(first.filter(line => !/ would do: /.test(line))).toEqual([])
    expect(first.map(line => line.split(' ')[0])).toEqual(expect.arrayContaining(['revisits:advance', 'trust:seal', 'reports:retain', 'reports:purge', 'messages:purge', 'accounts:erase']))
    expect(second.filter(line => line.startsWith('reports:retain'))).toEqual(first.filter(line => line.startsWith('reports:retain')))
  })
})
