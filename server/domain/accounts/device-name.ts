import type { Browser, System } from '#shared/accounts/sessions'

/** First match counts: Edge and WeChat call themselves Chrome, Chrome calls itself Safari, Android is a Linux. */
const browsers: readonly (readonly [RegExp, Browser])[] = [[/MicroMessenger/i, 'wechat'], [/Edg(?:e|A|iOS)?\//, 'edge'], [/Firefox|FxiOS/, 'firefox'], [/Chrome|CriOS/, 'chrome'], [/Safari/, 'safari']]
const systems: readonly (readonly [RegExp, System])[] = [[/HarmonyOS|OpenHarmony/, 'harmony'], [/Android/, 'android'], [/iPhone|iPad|iPod/, 'ios'], [/Windows/, 'windows'], [/Macintosh/, 'macos'], [/Linux|X11/, 'linux']]

/** A rough name of a device, enough to know one's own again. Never the user agent itself. */
export function deviceOf(userAgent = ''): { browser: Browser, system: System } {
  return { browser: browsers.find(([sign]) => sign.test(userAgent))?.[1] ?? 'other', system: systems.find(([sign]) => sign.test(userAgent))?.[1] ?? 'other' }
}
