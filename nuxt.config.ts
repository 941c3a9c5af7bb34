import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { defaultLocale, locales } from './shared/locales.ts'

/** A noun's texts lie in `locales/<code>/<noun>.json`; a new file needs no line here. */
const textFiles = (code: string) => readdirSync(fileURLToPath(new URL(`./locales/${code}`, import.meta.url)))
  .filter(name => name.endsWith('.json')).sort().map(name => `${code}/${name}`)

export default defineNuxtConfig({
  modules: ['@nuxt/ui', '@nuxtjs/i18n'], pages: { pattern: '**/*.vue' },
  components: [{ path: '~/components', pathPrefix: false, pattern: '**/*.vue' }],
  // modules/enhance.ts is picked up by itself

  // Names say where things come from: nothing of ours is imported by magic.
  imports: { scan: false },
  devtools: { enabled: false },
  css: [], vue: { compilerOptions: { isCustomElement: tag => tag.startsWith('enhance-') } },

  ui: { fonts: false, colorMode: false, experimental: { componentDetection: true } },
  srcDir: '.',
  serverDir: 'server',

  // Two worlds. Every page is plain HTML, except the desk, which is hydrated.
  routeRules: {
    '/**': { noScripts: true },
    // The worker has one address for good: asked for anew whenever a browser looks for a newer one.
    '/_push/**': { headers: { 'cache-control': 'no-cache' } },
    ...Object.fromEntries(locales.flatMap(({ code }) => [`/${code}/desk`, `/${code}/desk/**`].map(path => [path, { noScripts: false }]))),
    // Whoever is invited may open the link on any phone.
    ...Object.fromEntries(locales.map(({ code }) => [`/${code}/desk/invitation/**`, { noScripts: true }])),
  },
  // each layout imports its own stylesheet
  features: { inlineStyles: false },
  experimental: { appManifest: false, payloadExtraction: false, defaults: { nuxtLink: { prefetch: false } } },
  compatibilityDate: '2026-11-01',

  nitro: {
    imports: false,
    experimental: { tasks: true },
    scheduledTasks: { '* * * * *': ['jobs:run'] },
    compressPublicAssets: { gzip: true, brotli: true },
    esbuild: { options: { target: 'es2022' } },
    typescript: { tsConfig: {
      include: ['../types/**/*'],
      compilerOptions: { types: ['node'], erasableSyntaxOnly: true, verbatimModuleSyntax: true, allowImportingTsExtensions: true },
    } },
  },
  // tsconfig.plain.json checks what runs under plain Node.
  typescript: { tsConfig: {
    exclude: ['../bot', '../scripts', '../supabase', '../tests', '../playwright.config.ts', '../vitest.config.ts', '../eslint.config.mjs', '../server'],
    compilerOptions: { allowImportingTsExtensions: true },
  } },
  telemetry: false,

  hooks: {
    // Nuxt UI would put its palette into every page as an inline <style>; ours is in desk.css.
    'app:resolve'(app) { app.plugins = app.plugins.filter(({ src }) => !src.includes('@nuxt/ui/dist/runtime/plugins/colors')) },
    // Ours first: calls get problem+json, and Nitro does not log whole addresses.
    'nitro:config'(nitro) { nitro.errorHandler = [fileURLToPath(new URL('./server/error-handler.ts', import.meta.url)), ...[nitro.errorHandler ?? []].flat()] },
    // No hints for pages that nobody asked for.
    'build:manifest'(manifest) {
      for (const item of Object.values(manifest)) {
        item.prefetch = false
        item.dynamicImports = []
      }
    },
  },
  i18n: {
    restructureDir: '.',
    langDir: 'locales',
    locales: locales.map(locale => ({ ...locale, files: textFiles(locale.code) })),
    defaultLocale,
    strategy: 'prefix',
    baseUrl: 'http://localhost', // unused: no page writes absolute links to itself
    detectBrowserLanguage: false, // server/routes/index.get.ts sends `/` to the best language
  },
  icon: { provider: 'none', fallbackToApi: false, mode: 'svg', serverBundle: { collections: ['lucide'] }, clientBundle: { scan: { globInclude: ['{components,composables,layouts,pages}/**/*.{vue,ts}'], globExclude: ['node_modules', '.*'] } } },
})
