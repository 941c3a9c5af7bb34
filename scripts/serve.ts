// Behind `npm start` and `npm run dev`: the embedded backend and the portal, as one thing that starts and stops.
import { join } from 'node:path'
import { supervise } from './serve/supervise.ts'

const root = join(import.meta.dirname, '..')

await supervise({
  backend: join(root, 'supabase/embedded/main.ts'),
  portal: join(root, '.output/server/index.mjs'),
  bot: join(root, 'bot/main.ts'),
  isDev: process.argv.includes('--dev'),
})
