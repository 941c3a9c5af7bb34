import { expect, test } from '@playwright/test'
import { fillReport, send, track } from './report-pages.ts'

test('a wrong receipt and an unknown reference get the same sentence and status', async ({ page }) => {
  await fillReport(page)
  const { reference } = await send(page)
  const wrong = { receipt: '0000-0000-0000-0000-0000-0000' }

  const told: { status: number, sentence: string }[] = []
  for (const typed of [reference, 'LL-0000-0000', 'nonsense']) {
    const answered = page.waitForResponse(answer => answer.request().method() === 'POST')
    await track(page, { reference: typed, ...wrong })
    told.push({ status: (await answered).status(), sentence: await page.getByRole('alert').innerText() })
    await expect(page.getByLabel('回执码')).toHaveValue('')
  }

  expect(new Set(told.map(each => JSON.stringify(each))).size).toBe(1)
  expect(told[0]?.status).toBe(422)
})

test('a report without its view session asks for the receipt, whether there is one or not', async ({ page, browser }) => {
  await fillReport(page)
  const { reference } = await send(page)
  const stranger = await browser.newContext()

  for (const address of [reference, 'LL-0000-0000']) {
    const answer = await stranger.request.get(new URL(`/zh/reports/${address}`, page.url()).href, { maxRedirects: 0 })
    expect(answer.status()).toBe(303)
    expect(answer.headers().location).toContain('/zh/reports/track')
  }
  await stranger.close()
})

test('the reporter writes a letter, takes the report back and closes it on the device', async ({ page }) => {
  await fillReport(page)
  const filed = await send(page)
  await track(page, filed)

  await page.getByLabel('写信或补充情况').fill('监控拍到了。\n在三号楼门口。')
  await page.getByRole('button', { name: '寄出' }).click()
  await expect(page.getByRole('article')).toContainText('在三号楼门口')

  await page.getByRole('link', { name: '撤回这份内容' }).click()
  await page.getByRole('button', { name: '撤回', exact: true }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('您已撤回')

  await page.getByRole('link', { name: '看完了，在这部设备上关闭' }).click()
  await page.getByRole('button', { name: '关闭', exact: true }).click()
  await page.goto(`/zh/reports/${filed.reference}`)
  await expect(page).toHaveURL(/\/zh\/reports\/track/)
})

test('what is kept for one person is not stored by anybody on the way', async ({ page }) => {
  await fillReport(page)
  const answers = new Map<string, string | undefined>()
  page.on('response', answer => answer.request().isNavigationRequest() && answers.set(new URL(answer.url()).pathname, answer.headers()['cache-control']))
  await track(page, await send(page))

  expect([...answers.values()].filter(value => value !== undefined && !/no-store/.test(value))).toEqual([])
  expect(answers.size).toBeGreaterThan(2)
})
