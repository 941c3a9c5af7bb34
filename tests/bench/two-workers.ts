// "It shows 3" of issue 4: two workers on one database. Twenty sends of one report, to both at once and in turn, are one report with one
// receipt; then the whole API suite runs against a proxy that alternates between the two.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { z } from 'zod'
import { startTwoWorkers } from '../two-workers.ts'
import { aReport, address, openKeys, report, send, solveBeforehand } from './station.ts'

const root = join(import.meta.dirname, '../..')
const created = z.object({ reference: z.string(), receipt: z.string() })
const sends = 20

const same = await sameSend()
console.table({ [`${sends} sends of one to two workers`]: same })
const suite = spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', 'node_modules/vitest/vitest.mjs', 'run', '--project', 'api'], { cwd: root, stdio: 'inherit', env: { ...process.env, LINLI_TEST_WORKERS: '2' } })
const isGood = same.answered === sends && same.reports === 1 && same.receipts === 1 && same.consistent && suite.status === 0
report('two-workers', { same, apiSuite: suite.status === 0 ? 'passed' : 'FAILED', isGood })
process.stdout.write(isGood ? 'two workers are one station\n' : 'TWO WORKERS DISAGREE\n')
process.exitCode = isGood ? 0 : 1

async function sameSend() {
  const portal = await startTwoWorkers({ env: { TRUST_PROXY: '1', LINLI_LOG_LEVEL: 'silent' } })
  try {
    const [altcha = '', other = ''] = await solveBeforehand(await openKeys(portal), 2)
    const body = aReport(altcha, 1)
    const once = (n: number) => send(`${portal.workers[n % 2]}/api/reports`, { method: 'POST', body, from: '198.51.100.20' })
    const answers = await Promise.all(Array.from({ length: sends / 2 }, (_, n) => once(n)))
    for (let n = 0; n < sends / 2; n++) answers.push(await once(n))
    const good = answers.filter(({ status }) => status === 201).map(({ body: text }) => created.parse(JSON.parse(text)))
    const [{ reference = '', receipt = '' } = {}] = good
    const opened = await Promise.all(portal.workers.map(worker => send(`${worker}/api/reports/${reference}`, { headers: { 'x-receipt': receipt }, from: address(1) })))
    const conflict = await send(`${portal.workers[1]}/api/reports`, { method: 'POST', body: { ...aReport(other, 2), idempotencyKey: body.idempotencyKey }, from: '198.51.100.21' })
    return { answered: good.length, reports: new Set(good.map(one => one.reference)).size, receipts: new Set(good.map(one => one.receipt)).size, consistent: opened.every(({ status }) => status === 200) && conflict.status === 409 }
  }
  finally {
    await portal.stop()
  }
}
