// 500 reports at once, 20 sends of one, and five kill -9 during intake: nothing acknowledged is lost, nothing is answered by a 5xx.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { startPortal, type Portal } from '../portal.ts'
import { aReport, address, openKeys, report, send, solveBeforehand } from './station.ts'

const env = { TRUST_PROXY: '1', LINLI_LOG_LEVEL: 'warn' }
const created = z.object({ reference: z.string(), receipt: z.string() })
type Created = z.infer<typeof created>
const dataDir = mkdtempSync(join(tmpdir(), 'linli-survive-'))
let portal = await startPortal({ env, dataDir })

try {
  const atOnce = await manyAtOnce(500)
  const same = await sameSend()
  const kills = await killDuringIntake(5)
  report('survive', { atOnce, same, kills })
  console.table({ '500 at once': atOnce, '20 sends of one': same })
  console.table(kills)
  const isGood = atOnce.serverErrors === 0 && atOnce.references === 500 && atOnce.receipts === 500 && atOnce.readable === 500 && same.reports === 1 && same.receipts === 1 && kills.every(({ lost }) => lost === 0)
  process.stdout.write(isGood ? 'nothing was lost\n' : 'SOMETHING WAS LOST\n')
  process.exitCode = isGood ? 0 : 1
}
finally {
  await portal.stop()
  rmSync(dataDir, { recursive: true, force: true })
}

async function manyAtOnce(count: number) {
  const payloads = await solveBeforehand(await openKeys(portal), count)
  const answers = await Promise.all(payloads.map((altcha, n) => send(`${portal.url}/api/reports`, { method: 'POST', body: aReport(altcha, n), from: address(n) })))
  const good = answers.filter(({ status }) => status === 201).map(({ body }) => created.parse(JSON.parse(body)))
  return {
    sent: count, created: good.length, serverErrors: answers.filter(({ status }) => status >= 500).length,
    references: new Set(good.map(({ reference }) => reference)).size, receipts: new Set(good.map(({ receipt }) => receipt)).size, readable: await readable(portal, good),
  }
}

async function sameSend() {
  const [altcha = ''] = await solveBeforehand(await openKeys(portal), 1)
  const body = aReport(altcha, 1)
  const once = () => send(`${portal.url}/api/reports`, { method: 'POST', body, from: '198.51.100.20' })
  const answers = [...await Promise.all(Array.from({ length: 10 }, once))]
  for (let n = 0; n < 10; n++) answers.push(await once())
  const good = answers.map(({ status, body: text }) => status === 201 ? created.parse(JSON.parse(text)) : undefined)
  return { answered: good.filter(Boolean).length, reports: new Set(good.map(answer => answer?.reference)).size, receipts: new Set(good.map(answer => answer?.receipt)).size }
}

/** Ten senders at work, everything is killed in the middle, started again, and every acknowledged report is looked up. */
async function killDuringIntake(times: number) {
  const rounds: { acknowledged: number, readable: number, lost: number, secondsToReady: number }[] = []
  for (let round = 0; round < times; round++) {
    const payloads = await solveBeforehand(await openKeys(portal), 600)
    const acknowledged: Created[] = []
    let isOver = false
    const senders = Array.from({ length: 10 }, async (_, sender) => {
      for (let n = 0; !isOver; n++) {
        const altcha = payloads.pop()
        if (!altcha) return
        const answer = await send(`${portal.url}/api/reports`, { method: 'POST', body: aReport(altcha, n), from: address(round * 2_000 + sender * 100 + n) }).catch(() => undefined)
        if (answer?.status === 201) acknowledged.push(created.parse(JSON.parse(answer.body)))
      }
    })
    await new Promise(resolve => setTimeout(resolve, 400 + Math.random() * 600))
    await portal.kill()
    isOver = true
    await Promise.all(senders)
    const startedAt = performance.now()
    portal = await startPortal({ env, dataDir })
    const secondsToReady = Number(((performance.now() - startedAt) / 1000).toFixed(1))
    const found = await readable(portal, acknowledged)
    rounds.push({ acknowledged: acknowledged.length, readable: found, lost: acknowledged.length - found, secondsToReady })
  }
  return rounds
}

async function readable(station: Portal, reports: Created[]) {
  let found = 0
  for (const { reference, receipt } of reports) {
    const { status } = await send(`${station.url}/api/reports/${reference}`, { headers: { 'x-receipt': receipt } })
    if (status === 200) found++
  }
  return found
}
