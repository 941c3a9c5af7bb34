/*
  What a page costs on the wire: a fresh browser with a cold cache, bytes of answers with their headers.
  `node tests/bench/weigh-pages.ts http://localhost:3000 [path …]` prints a table; browser tests import `weighPage`.
*/
import { brotliCompressSync } from 'node:zlib'
import { chromium, type Browser, type BrowserContext } from '@playwright/test'

export interface Weight {
  path: string
  requests: number
  /** Bytes over the wire, headers included. */
  bytes: number
  /** Our own scripts, brotli 11 as they are served. */
  scriptBytes: number
}

/** RULES J and the goals of 1 of 7, in bytes. No rule names the desk: its pages are hydrated. The ceilings keep them from growing unseen; requests rose from 53 to 67 at most with the pages of 3 of 7 (small chunks, one connection behind a proxy). */
export const budgets = { reportWithoutScript: 8 * 1024, anyPage: 16 * 1024, scripts: 12 * 1024, requestsWithoutScript: 3, deskPage: 560 * 1024, deskRequests: 75 } as const

/** Weighs one page in a context whose cookies may open it. */
export async function weighPage(context: BrowserContext, url: string): Promise<Weight> {
  const page = await context.newPage()
  const network = await context.newCDPSession(page)
  await network.send('Network.enable')
  await network.send('Network.setCacheDisabled', { cacheDisabled: true })
  let bytes = 0
  let requests = 0
  const scripts: Promise<number>[] = []
  network.on('Network.loadingFinished', ({ encodedDataLength }) => { bytes += encodedDataLength })
  network.on('Network.requestWillBeSent', ({ request }) => { if (!request.url.startsWith('data:')) requests += 1 })
  page.on('response', (answer) => {
    if (answer.url().includes('/_enhance/')) scripts.push(answer.body().then(body => brotliCompressSync(body).length))
  })
  await page.goto(url, { waitUntil: 'networkidle' })
  const scriptBytes = (await Promise.all(scripts)).reduce((sum, size) => sum + size, 0)
  const { pathname } = new URL(page.url())
  await page.close()
  return { path: pathname, requests, bytes, scriptBytes }
}

const publicPaths = ['/zh', '/en', '/zh/reports/new', '/en/reports/new', '/zh/reports/new/danger', '/zh/reports/new/category', '/en/reports/new/category', '/zh/reports/track', '/zh/communities', '/zh/privacy']

async function weighAll(browser: Browser, origin: string, paths: string[]) {
  for (const javaScriptEnabled of [false, true]) {
    const rows = []
    for (const path of paths) {
      const context = await browser.newContext({ javaScriptEnabled })
      rows.push(await weighPage(context, origin + path))
      await context.close()
    }
    console.log(javaScriptEnabled ? '\nWith script' : 'Without script')
    console.table(rows)
  }
}

if (import.meta.main) {
  const [origin = 'http://localhost:3000', ...paths] = process.argv.slice(2)
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium', args: ['--no-sandbox'] })
  await weighAll(browser, origin, paths.length ? paths : publicPaths)
  await browser.close()
}
