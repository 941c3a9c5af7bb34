// What a resident is told after sending and on the tracking page is the same, and true for the way they chose (RULES D1, D3, G2).
import { expect, test, type Page } from '@playwright/test'
import { fillReport, goOn, send, track, type Filed } from './report-pages.ts'

const main = (page: Page) => page.getByRole('main')
const limits = (page: Page) => main(page).locator('.next time, .clock time').evaluateAll(times => times.map(time => time.getAttribute('datetime')))
const apart = (page: Page) => page.getByRole('heading', { name: '这份内容会晚一点看到' })

async function sendNamed(page: Page): Promise<Filed> {
  await fillReport(page, { mode: '实名' })
  await page.getByLabel('姓名').fill('王芳')
  await page.getByLabel('电话').fill('13800000000')
  await page.getByRole('radio', { name: '可以', exact: true }).check()
  await page.getByLabel('什么时候、怎样联系比较安全？').fill('工作日下午')
  await goOn(page)
  return send(page)
}

test('without a name, coming back is a letter: said after sending and on the tracking page, with the same three limits', async ({ page }) => {
  await fillReport(page)
  const filed = await send(page)
  const told = await limits(page)
  await expect(main(page)).toContainText('民警会在进度页给您写信，问问办得怎样。不打电话，不上门。')
  await expect(main(page)).not.toContainText('回访您')

  await track(page, filed)

  await expect(main(page)).toContainText(/受理的话，.+24:00 之前，民警会在这里给您写信，问问办得怎样。不打电话，不上门/)
  await expect(main(page)).not.toContainText('回访您')
  expect(told).toHaveLength(3)
  expect(await limits(page)).toEqual(told)
})

test('with a name and a number, an officer comes back', async ({ page }) => {
  const filed = await sendNamed(page)
  const told = await limits(page)
  await expect(main(page)).toContainText('受理的，民警会回访您，问问办得怎样。')

  await track(page, filed)

  await expect(main(page)).toContainText(/受理的话，.+24:00 之前，民警会回访您/)
  expect(await limits(page)).toEqual(told)
})

test('a report without the automatic check says so after sending and while it waits, and an urgent one does not wait', async ({ page, javaScriptEnabled }) => {
  const waits = javaScriptEnabled === false ? 1 : 0
  await fillReport(page)
  const filed = await send(page)
  await expect(apart(page)).toHaveCount(waits)
  await track(page, filed)
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('已经收到，等民警查看')
  await expect(apart(page)).toHaveCount(waits)
  if (waits) await expect(main(page)).toContainText('排在其他内容后面看。照样有人看，期限不变。')

  await fillReport(page, { description: '隔壁有人拿刀追着人砍。' })
  const urgent = await send(page)
  await expect(apart(page)).toHaveCount(0)
  await track(page, urgent)
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('已经收到，等民警查看')
  await expect(apart(page)).toHaveCount(0)
})

test('whoever opens an address for the first time reads what opens it, and only a view that ended says that it ended', async ({ page, browser }) => {
  await fillReport(page)
  const filed = await send(page)
  const address = new URL(`/zh/reports/${filed.reference}`, page.url()).href
  const stranger = await (await browser.newContext()).newPage()
  await stranger.goto(address)
  await expect(main(stranger)).toContainText('这一页要用查询编号和回执码打开。')
  await expect(main(stranger)).not.toContainText('半小时')
  await expect(stranger.getByLabel('查询编号')).toHaveValue(filed.reference)
  await stranger.context().close()

  await track(page, filed)
  await expect(page).toHaveURL(address)
  const cookies = await page.context().cookies(address)
  const view = cookies.find(({ name }) => name.endsWith('linli-view'))
  expect((view?.expires ?? 0) - Date.now() / 1000).toBeLessThanOrEqual(3600)
  await page.context().addCookies(cookies.filter(({ name }) => name.endsWith('linli-view')).map(cookie => ({ ...cookie, value: `${filed.reference}.over` })))
  await page.goto(address)
  await expect(main(page)).toContainText('半小时没有操作就会自动关闭')
  await page.goto(address.replace(filed.reference, 'LL-0000-0000'))
  await expect(main(page)).not.toContainText('半小时')
})

test('on a phone the name of the station takes two lines at most and nobody is told of a Shift key', async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 740 })
  await page.goto('/en/reports/track')
  const name = page.locator('.site-name')
  const { height, lineHeight } = await name.evaluate((element) => {
    const range = document.createRange()
    range.selectNodeContents(element)
    return { height: range.getBoundingClientRect().height, lineHeight: Number.parseFloat(getComputedStyle(element).lineHeight) }
  })

  expect(height / lineHeight).toBeLessThan(2.3)
  await expect(page.locator('.exit-hint')).toBeHidden()
})
