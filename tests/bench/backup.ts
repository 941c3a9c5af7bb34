// "It shows 2" of issue 4: a backup is made while ten senders file reports with a file each, everything is killed, and the backup is
// restored elsewhere. Every report acknowledged before the backup's time is there with its files, and its receipt still opens it.
import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { startPortal, type Portal } from '../portal.ts'
import { aReport, address, openKeys, report, send, solveBeforehand } from './station.ts'

const root = join(import.meta.dirname, '../..')
const parallel = 10
const env = { TRUST_PROXY: '1', LINLI_LOG_LEVEL: 'silent' }
const created = z.object({ reference: z.string(), receipt: z.string() })
const attached = z.object({ id: z.string() })
interface Filed extends z.infer<typeof created> { n: number, filedAt: number, file?: { id: string, at: number } }

const room = mkdtempSync(join(tmpdir(), 'linli-backup-bench-'))
const file = join(room, 'station.backup')
const folders = { first: join(room, 'first'), second: join(room, 'second') }
/** A file of its own for each report, so that the right one has to come back. */
const aPdf = (n: number) => Buffer.concat([Buffer.from(`%PDF-1.7\n1 0 obj<</Type/Catalog/Number ${n}>>endobj\n`), Buffer.alloc(20_000, 0x20), Buffer.from('\n%%EOF\n')])

let portal = await startPortal({ env, dataDir: folders.first })
try {
  const filed: Filed[] = []
  const challenges = await solveBeforehand(await openKeys(portal), 3000)
  let isOver = false
  const senders = Array.from({ length: parallel }, async (_, sender) => {
    for (let n = 0; !isOver; n++) await fileOne(portal, challenges, sender * 1000 + n, filed).catch(() => undefined)
  })
  await pause(3000)

  const { masterKeys } = z.object({ masterKeys: z.string() }).parse(JSON.parse(readFileSync(join(folders.first, 'keys.json'), 'utf8')))
  const startedAt = performance.now()
  const taken = await run('scripts/backup.ts', [file], { LINLI_DATA_DIR: folders.first })
  const seconds = (performance.now() - startedAt) / 1000
  const at = Date.parse(/acknowledged before (\S+):/.exec(taken)?.[1] ?? '')
  await pause(2000)
  await portal.kill()
  isOver = true
  await Promise.all(senders)

  const verified = await run('scripts/backup.ts', ['--verify', file], { LINLI_MASTER_KEYS: masterKeys })
  const wrong = spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', 'scripts/restore.ts', file], { cwd: root, encoding: 'utf8', env: { ...process.env, LINLI_DATA_DIR: folders.second, LINLI_MASTER_KEYS: `k1:${Buffer.alloc(32, 7).toString('base64')}` } })
  const restoring = performance.now()
  const restored = await run('scripts/restore.ts', [file], { LINLI_DATA_DIR: folders.second, LINLI_MASTER_KEYS: masterKeys })
  const restoreSeconds = (performance.now() - restoring) / 1000
  rmSync(folders.first, { recursive: true, force: true })
  portal = await startPortal({ env, dataDir: folders.second })

  const before = filed.filter(({ filedAt }) => filedAt <= at)
  const withFile = filed.filter(one => one.file !== undefined && one.file.at <= at)
  let opened = 0, filesThere = 0
  for (const { reference, receipt } of before) if ((await send(`${portal.url}/api/reports/${reference}`, { headers: { 'x-receipt': receipt } })).status === 200) opened++
  for (const one of withFile) if (await fileOpens(portal, one)) filesThere++
  const isGood = before.length > 0 && withFile.length > 0 && opened === before.length && filesThere === withFile.length && wrong.status === 1
  report('backup', { parallel, at: new Date(at).toISOString(), acknowledged: filed.length, before: before.length, opened, withFile: withFile.length, filesThere, seconds, restoreSeconds, wrongKey: wrong.stderr.trim(), isGood })
  console.table({ 'acknowledged in all': filed.length, 'before the backup\'s time': before.length, '… opened by their receipt': opened, 'with a file before it': withFile.length, '… whose file opens': filesThere, 'seconds for the backup': Number(seconds.toFixed(1)), 'seconds for the restore': Number(restoreSeconds.toFixed(1)) })
  process.stdout.write(`${taken}${verified}${restored}wrong key: ${wrong.stderr.trim()}\n${isGood ? 'nothing was lost' : 'SOMETHING WAS LOST'}\n`)
  process.exitCode = isGood ? 0 : 1
}
finally {
  await portal.stop()
  rmSync(room, { recursive: true, force: true })
}

/** One report, then its file; each is noted when its answer has come. */
async function fileOne({ url }: Portal, challenges: string[], n: number, filed: Filed[]) {
  const altcha = challenges.pop()
  if (!altcha) throw new Error('not enough challenges were solved beforehand')
  const answer = await send(`${url}/api/reports`, { method: 'POST', body: aReport(altcha, n), from: address(n) })
  if (answer.status !== 201) return
  const one: Filed = { ...created.parse(JSON.parse(answer.body)), n, filedAt: Date.now() }
  filed.push(one)
  const form = new FormData()
  form.set('file', new Blob([new Uint8Array(aPdf(n))], { type: 'application/pdf' }), 'proof.pdf')
  const sent = await fetch(`${url}/api/reports/${one.reference}/attachments`, { method: 'POST', body: form, headers: { 'x-receipt': one.receipt, 'x-forwarded-for': address(n) } })
  if (sent.status === 201) one.file = { id: attached.parse(await sent.json()).id, at: Date.now() }
}

async function fileOpens({ url }: Portal, { reference, receipt, n, file: sent }: Filed): Promise<boolean> {
  const answer = await fetch(`${url}/api/reports/${reference}/attachments/${sent?.id}`, { headers: { 'x-receipt': receipt, 'x-forwarded-for': address(n) } })
  return Buffer.from(await answer.arrayBuffer()).equals(aPdf(n))
}

async function run(script: string, args: string[], settings: Record<string, string>): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', script, ...args], { cwd: root, env: { ...process.env, LINLI_MASTER_KEYS: '', ...settings }, stdio: ['ignore', 'pipe', 'inherit'] })
    let output = ''
    child.stdout.on('data', (chunk: Buffer) => { output += chunk })
    child.once('close', code => code === 0 ? resolve(output) : reject(new Error(`${script} ended with ${code}`)))
  })
}

function pause(ms: number) {
  return new Promise(resolve => setTimeout(resolve, ms))
}
