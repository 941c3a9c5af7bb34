/** Who may import whom (ARCHITECTURE.md, "Dependency rule"). A layer may always import itself. */
export interface Layer {
  name: string
  /** Which files belong to it. */
  files: RegExp
  /** Layers it may import. */
  mayImport: string[]
  /** Packages it may import; undefined: any that no rule below reserves. */
  packages?: RegExp
  /** What to do instead. */
  fix: string
}

/** The frameworks of the surfaces: a rule that needs one could not be called by the bot or by a test. */
const noFramework = /^(?!h3$|nitropack$|nuxt$|vue|#|grammy$|@grammyjs\/|@nuxt|hono$|@hono\/)/

export const layers: Layer[] = [
  { name: 'geometry', files: /^shared\/communities\/geometry\//, mayImport: ['shared'], packages: /^(zod$|@turf\/|clipper2-ts$)/, fix: 'geometry is pure: numbers in, findings out' },
  { name: 'shared', files: /^shared\//, mayImport: [], packages: /^(zod|@cloudflare\/blindrsa-ts)$/, fix: 'shared/ runs everywhere: move what needs more to server/domain, or pass the value in' },
  { name: 'config', files: /^server\/config$/, mayImport: ['shared'], packages: /^(zod|node:)$/, fix: 'the configuration depends on nothing of ours' },
  { name: 'services', files: /^server\/services$/, mayImport: ['shared', 'config', 'domain'], fix: 'server/services only opens what the use cases need' },
  { name: 'texts', files: /^server\/texts$|^locales\//, mayImport: ['shared'], fix: 'texts depend on nothing but shared/' },
  { name: 'db', files: /^server\/db\//, mayImport: ['shared', 'config'], packages: noFramework, fix: 'server/db only speaks to Supabase: put the rule into server/domain' },
  { name: 'domain', files: /^server\/domain\//, mayImport: ['shared', 'geometry', 'db', 'config'], packages: noFramework, fix: 'a use case imports shared and db: pass the rest in from the surface' },
  { name: 'outbox', files: /^server\/outbox\//, mayImport: ['shared', 'db', 'config', 'texts'], packages: noFrameworkButSenders(), fix: 'the outbox imports shared and db only' },
  { name: 'standards', files: /^server\/standards\//, mayImport: ['shared'], packages: noFramework, fix: 'a translator is pure: give it what it needs from server/api or server/routes' },
  { name: 'chat', files: /^server\/chat\//, mayImport: ['shared', 'domain', 'texts'], packages: noFramework, fix: 'the chat calls use cases in server/domain, never the database or a surface' },
  { name: 'http', files: /^server\/http\//, mayImport: ['shared', 'config', 'domain', 'services', 'chat', 'db', 'standards', 'texts'], fix: 'server/http serves the surfaces and knows none of them' },
  { name: 'api', files: /^server\/api\//, mayImport: ['shared', 'config', 'domain', 'services', 'outbox', 'chat', 'standards', 'http', 'texts'], fix: 'a surface calls a use case in server/domain; it imports neither server/db nor another surface' },
  { name: 'routes', files: /^server\/routes\//, mayImport: ['shared', 'config', 'domain', 'services', 'outbox', 'chat', 'standards', 'http', 'texts'], fix: 'a surface calls a use case in server/domain; it imports neither server/db nor another surface' },
  { name: 'tasks', files: /^server\/tasks\//, mayImport: ['shared', 'config', 'domain', 'services', 'outbox', 'chat', 'standards', 'http', 'texts'], fix: 'a surface calls a use case in server/domain; it imports neither server/db nor another surface' },
  { name: 'frame', files: /^server\/(plugins|middleware)\/|^server\/error-handler$/, mayImport: ['shared', 'config', 'domain', 'services', 'outbox', 'http', 'texts'], fix: 'plugins and middleware import server/http, the outbox and use cases, never server/db or a surface' },
  { name: 'bot', files: /^bot\//, mayImport: ['shared', 'config', 'domain', 'services', 'outbox', 'chat', 'standards', 'texts'], fix: 'a surface calls a use case in server/domain; it imports neither server/db nor another surface' },
  { name: 'pages', files: /^(pages|layouts|composables|plugins|middleware|components)\/|^(app|error|app\.config)$/, mayImport: ['shared', 'texts', 'styles'], packages: /^(?!@supabase\/|node:|h3$|nitropack$|pino$|postgres$|pg$|sharp$|grammy$)/, fix: 'pages and components are shipped to the browser: import components and #shared only, and fetch the rest from the server' },
  { name: 'styles', files: /^assets\//, mayImport: [], fix: 'styles import styles' },
  { name: 'embedded', files: /^supabase\/embedded\//, mayImport: ['shared'], packages: noFrameworkButHono(), fix: 'the embedded backend stands in for Supabase and knows nothing of the portal' },
]

/** Packages that only one place may import, whoever else would like to. */
export const reserved = [
  { packages: /^@cloudflare\/blindrsa-ts$/, places: /^(shared\/trust\/blind-ballot\b|tests\/)/, fix: 'ballots are blinded in shared/trust/blind-ballot, for the browser and for whoever has no script' },
  { packages: /^@supabase\/(supabase-js|ssr)$/, places: /^(server\/db\/|supabase\/|scripts\/|tests\/)/, fix: 'only server/db touches Supabase' },
  { packages: /^(nodemailer|web-push|grammy)$/, places: /^(server\/outbox\/channels\/|bot\/|scripts\/|tests\/)/, fix: 'only server/outbox/channels sends; bot/ receives and replies' },
  { packages: /^(postgres|pg)$/, places: /^(supabase\/|scripts\/|tests\/)/, fix: 'the portal reaches the database through supabase-js only' },
]

/** Who runs the bot: the portal by webhook, a process of its own otherwise, which writes the same log and reads the same model. "Is this real?" in the chat knows what mails say. */
export const allowedPairs = [
  { from: /^server\/http\/web-chat\b/, to: /^server\/outbox\/messages\/alert-renderings$/ },
  { from: /^server\/plugins\/work-telegram\b/, to: /^bot\/(start-bot|telegram-converse)$/ },
  { from: /^bot\/main\b/, to: /^server\/http\/(log|chat-model)$/ },
]

/** Which of them may send is said by `reserved`. */
function noFrameworkButSenders() {
  return /^(?!h3$|nitropack$|nuxt$|vue|#|@grammyjs\/|@nuxt|hono$|@hono\/)/
}

function noFrameworkButHono() {
  return /^(?!h3$|nitropack$|nuxt$|vue|#|grammy$|@grammyjs\/|@nuxt)/
}
