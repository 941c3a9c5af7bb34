// A bot as a process that may be killed: what bot/main.ts does, with an assistant of the test's choice.
import { z } from 'zod'
import { startBot } from '../../bot/start-bot.ts'
import { telegramConverse } from '../../bot/telegram-converse.ts'
import { openServices } from '../../server/domain/services.ts'
import { parseMasterKeys } from '../../server/domain/trust/envelope.ts'
import { echo } from './echo.ts'

const orders = z.object({
  supabase: z.object({ url: z.string(), publishableKey: z.string(), secretKey: z.string() }), masterKeys: z.string(), publicUrl: z.string(), blobFolder: z.string(),
  token: z.string(), apiRoot: z.string(), brain: z.enum(['echo', 'real']), isWorker: z.boolean(),
}).parse(JSON.parse(process.argv[2] ?? '{}'))

const { token, apiRoot } = orders
const services = await openServices({ supabase: orders.supabase, masterKeys: parseMasterKeys(orders.masterKeys), isDemo: false, publicUrl: orders.publicUrl, blobFolder: orders.blobFolder })
const say = (facts: object) => process.stderr.write(`${JSON.stringify(facts, (_key, value: unknown) => value instanceof Error ? `${value.stack}\n${value.cause instanceof Error ? value.cause.stack : ''}` : value)}\n`)
const bot = startBot({ mode: orders.isWorker ? 'none' : 'polling', token, apiRoot }, services, orders.brain === 'real' ? telegramConverse(services, { emergencyNumbers: { police: '110', fire: '119', medical: '120', traffic: '122' } }) : echo(services), { info: say, warn: say, error: say })
process.once('SIGTERM', () => void bot.stop(2000).then(() => process.exit(0)))
// Nobody is left behind by a test that dies.
process.on('disconnect', () => process.exit(1))
await bot.started
process.send?.('ready')
