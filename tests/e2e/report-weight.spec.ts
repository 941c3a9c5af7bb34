import { expect, test } from '@playwright/test'
import { budgets, weighPage } from '../bench/weigh-pages.ts'
import { fillReport, goOn, send, steps, track } from './report-pages.ts'

test('no page about a report is heavier than its budget', async ({ page, context, javaScriptEnabled }) => {
  test.setTimeout(120_000)
  await fillReport(page, { mode: '实名' })
  await page.getByLabel('姓名').fill('王芳')
  await page.getByRole('radio', { name: '不要，只在这里回复' }).check()
  await goOn(page)
  const paths = steps.map(step => `/zh/reports/new${step}`)
  const weights = [...await weigh(paths)]
  const filed = await send(page)
  weights.push(...await weigh(['/zh/reports/sent', '/zh/reports/track']))
  await track(page, filed)
  weights.push(...await weigh([`/zh/reports/${filed.reference}`, `/zh/reports/${filed.reference}/withdraw`]))
  // Somebody with a bad line asks first: the chat with a conversation in it, and what it leads to.
  await page.goto('/zh/chat')
  await page.getByLabel('您想说什么？').fill('电动车被偷了怎么办')
  await page.locator('.chat-say button').click()
  await expect(page.getByRole('log')).toContainText('看全文', { timeout: 30_000 })
  weights.push(...await weigh(['/zh/chat', '/zh/safety', '/zh/safety/ebike-theft', '/en/safety/domestic-violence']))

  expect(weights.map(({ path }) => path).slice(0, steps.length)).toEqual(paths)
  expect(weights.filter(({ bytes }) => bytes > budgets.anyPage)).toEqual([])
  expect(weights.filter(({ scriptBytes }) => scriptBytes > budgets.scripts)).toEqual([])
  if (javaScriptEnabled === false) {
    expect(weights.filter(({ requests }) => requests > budgets.requestsWithoutScript)).toEqual([])
    expect(weights[0]?.bytes).toBeLessThanOrEqual(budgets.reportWithoutScript)
  }

  async function weigh(paths: string[]) {
    const found = []
    for (const path of paths) found.push(await weighPage(context, new URL(path, page.url()).href))
    return found
  }
})
