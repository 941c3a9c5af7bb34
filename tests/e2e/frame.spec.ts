import AxeBuilder from '@axe-core/playwright'
import { expect, test } from '@playwright/test'

const exitPage = 'https://www.weather.com.cn/'

for (const locale of ['zh', 'en']) {
  test(`${locale}: home, privacy, accessibility and a missing page open without a word in the console`, async ({ page, javaScriptEnabled }) => {
    const said: string[] = []
    page.on('console', message => said.push(message.text()))
    for (const path of ['', '/privacy', '/accessibility', '/missing']) {
      await page.goto(`/${locale}${path}`)

      await expect(page.locator('html')).toHaveAttribute('lang', locale === 'zh' ? 'zh-CN' : 'en')
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
      await expect(page.locator('script')).toHaveCount(0)
      if (javaScriptEnabled) expect((await new AxeBuilder({ page }).analyze()).violations.map(({ id, nodes }) => `${id} ${nodes[0]?.html}`)).toEqual([])
    }
    expect(said.filter(text => !text.includes('404'))).toEqual([])
  })
}

test('a residents\' page asks nobody else, weighs little and forbids everything inline', async ({ page }) => {
  const requests: string[] = []
  page.on('request', request => requests.push(request.url()))

  const answer = await page.goto('/zh', { waitUntil: 'networkidle' })

  const policy = answer?.headers()['content-security-policy'] ?? ''
  expect(policy).toContain('default-src \'none\'')
  expect(policy).not.toMatch(/unsafe|nonce/)
  expect(answer?.headers()).toMatchObject({ 'referrer-policy': 'same-origin', 'x-content-type-options': 'nosniff', 'cross-origin-opener-policy': 'same-origin' })
  expect(answer?.headers()).not.toHaveProperty('x-powered-by')
  expect(answer?.headers()).not.toHaveProperty('set-cookie')
  expect(requests.filter(url => !url.startsWith('data:'))).toHaveLength(2)
})

test('the bare address goes to the reader\'s language, and says that it depends on it', async ({ request }) => {
  const answer = await request.get('/', { maxRedirects: 0, headers: { 'accept-language': 'en-GB,en;q=0.9' } })

  expect([answer.status(), answer.headers().location, answer.headers().vary]).toEqual([302, '/en', 'accept-language'])
})

test('an address in no language is answered in the reader\'s', async ({ request }) => {
  const [english, chinese] = await Promise.all(['en', 'zh-CN'].map(language => request.get('/nothing/here', { headers: { 'accept': 'text/html', 'accept-language': language } })))

  expect([english?.status(), chinese?.status()]).toEqual([404, 404])
  expect(await english?.text()).toContain('Page not found')
  expect(await chinese?.text()).toContain('没有找到这个页面')
})

test('a page takes no other method, and an unknown call answers with a problem', async ({ request }) => {
  const put = await request.put('/zh', { headers: { accept: 'text/html' } })
  const call = await request.get('/api/nothing')
  const head = await request.head('/zh')

  expect(put.status()).toBe(405)
  expect([call.status(), await call.json()]).toMatchObject([404, { code: 'not_found' }])
  expect([head.status(), (await head.body()).length]).toEqual([200, 0])
})

test('alive, ready, and whom to tell about a weakness', async ({ request }) => {
  const [alive, ready, contact] = await Promise.all(['/healthz', '/readyz', '/.well-known/security.txt'].map(path => request.get(path)))

  expect([alive?.status(), ready?.status()]).toEqual([200, 200])
  expect(await contact?.text()).toMatch(/^Contact: .+\nExpires: \d{4}-/)
})

test('RULES B6: leaving clears what the browser keeps and ends at a page of somebody else', async ({ request }) => {
  const answer = await request.post('/zh/exit', { maxRedirects: 0 })

  expect([answer.status(), answer.headers().location, answer.headers()['clear-site-data']]).toEqual([303, exitPage, '"cache", "cookies", "storage"'])
})
