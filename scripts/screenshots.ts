// npm run screenshots [-- word …]: the pages of a throw-away portal on phone and desktop, in both languages, light and dark.
// Words such as `phone`, `zh`, `visitDesk` choose what is taken; all of it takes some minutes. The README's own pictures are made from them.
import { mkdirSync, existsSync } from 'node:fs'
import { join } from 'node:path'
import { chromium, type Browser, type Page } from '@playwright/test'
import sharp from 'sharp'
import { startPortal, type Portal } from '../tests/portal.ts'
import { sayAndExit } from './bootstrap/sentence.mjs'
import { writeAlerts } from './screenshots/alert-scenes.ts'
import { answerAlerts, checkMessages, readAlerts, subscribeToAlerts } from './screenshots/alert-reader-scenes.ts'
import { handOver, keepArticles, linkTelegram, readSafety, talk } from './screenshots/chat-scenes.ts'
import { patrol, walkPatrol } from './screenshots/patrol-scenes.ts'
import { rateOfficers } from './screenshots/rating-scenes.ts'
import { answerSurveys } from './screenshots/survey-scenes.ts'
import { fileReport, followReport, runStation, showPlainPages, visitAccount, visitDesk } from './screenshots/scenes.ts'

const root = join(import.meta.dirname, '..')
const shots = join(root, '.cache/screenshots')
const images = join(root, 'docs/images')

const devices = {
  phone: { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true },
  desktop: { viewport: { width: 1280, height: 800 }, deviceScaleFactor: 1 },
} as const
type Device = keyof typeof devices
const mostHigh = 6000
const locales = ['zh', 'en'] as const
const schemes = ['light', 'dark'] as const
const scenes = { showPlainPages, fileReport, followReport, visitAccount, visitDesk, runStation, talk, handOver, readSafety, keepArticles, linkTelegram, writeAlerts, readAlerts, checkMessages, answerAlerts, subscribeToAlerts, patrol, walkPatrol, rateOfficers, answerSurveys }

/** The pictures of the README: the first screen of each, small. */
const chosen: { device: Device, name: string, file: string }[] = [
  { device: 'phone', name: 'zh-home-light', file: 'home-zh' },
  { device: 'phone', name: 'en-report-place-chosen-light', file: 'report-place-en' },
  { device: 'phone', name: 'zh-report-sent-light', file: 'report-sent-zh' },
  { device: 'phone', name: 'en-report-followed-dark', file: 'report-followed-en' },
  { device: 'desktop', name: 'zh-desk-inbox-light', file: 'desk-inbox-zh' },
  { device: 'desktop', name: 'en-desk-report-light', file: 'desk-report-en' },
]
const width = { phone: 390, desktop: 1280 } as const

async function main() {
  const words = new Set(process.argv.slice(2))
  const wanted = <Name extends string>(names: readonly Name[]) => names.some(name => words.has(name)) ? names.filter(name => words.has(name)) : names
  const portal = await startPortal()
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM_PATH, args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'] })
  const failures: string[] = []
  try {
    for (const device of wanted(Object.keys(devices) as Device[])) {
      for (const locale of wanted(locales)) {
        for (const scene of wanted(Object.keys(scenes) as (keyof typeof scenes)[])) {
          await play(browser, portal, { device, locale, scene }).catch((cause: unknown) => failures.push(`${device} ${locale} ${scene}: ${String(cause).split('\n')[0]}`))
        }
      }
    }
  }
  finally {
    await browser.close()
    await portal.stop()
  }
  await writeReadmeImages()
  for (const failure of failures) process.stdout.write(`not taken: ${failure}\n`)
  process.exitCode = failures.length ? 1 : 0
}

/** One scene with a fresh browser profile; each stop is taken in light and in dark. */
async function play(browser: Browser, portal: Portal, { device, locale, scene }: { device: Device, locale: typeof locales[number], scene: keyof typeof scenes }) {
  const context = await browser.newContext({ ...devices[device], locale: locale === 'zh' ? 'zh-CN' : 'en-GB', timezoneId: 'Asia/Shanghai', baseURL: portal.url })
  context.setDefaultTimeout(15_000)
  const page = await context.newPage()
  const folder = join(shots, device)
  mkdirSync(folder, { recursive: true })
  const shoot = async (name: string, of: Page = page) => {
    const { width, height } = devices[device].viewport
    // The desk scrolls within its panel: the window is made as high as what is in it.
    const within = await of.evaluate(() => Math.max(0, ...[...document.querySelectorAll('.desk-body')].map(part => part.scrollHeight - part.clientHeight)))
    if (within > 0) await of.setViewportSize({ width, height: Math.min(height + within, mostHigh) })
    for (const colorScheme of schemes) {
      await of.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      await of.evaluate(() => window.scrollTo(0, 0))
      await of.screenshot({ path: join(folder, `${locale}-${name}-${colorScheme}.png`), fullPage: true })
    }
    if (within > 0) await of.setViewportSize({ width, height })
    process.stdout.write(`${device} ${locale} ${name}\n`)
  }
  await scenes[scene](page, { url: portal.url, portal, locale, shoot }).finally(() => context.close())
}

async function writeReadmeImages() {
  mkdirSync(images, { recursive: true })
  for (const { device, name, file } of chosen) {
    const source = join(shots, device, `${name}.png`)
    if (!existsSync(source)) continue
    const { viewport, deviceScaleFactor } = devices[device]
    const { width: full = 0, height = 0 } = await sharp(source).metadata()
    const screen = { left: 0, top: 0, width: full, height: Math.min(height, viewport.height * deviceScaleFactor) }
    await sharp(source).extract(screen).resize({ width: width[device] * (device === 'phone' ? 1.5 : 1) }).webp({ quality: 82 }).toFile(join(images, `${file}.webp`))
  }
}

await main().catch(sayAndExit)
