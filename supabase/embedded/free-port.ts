import { randomInt } from 'node:crypto'
import net from 'node:net'

const [lowest, highest] = [20_000, 32_000]
const tries = 100

/**
 * A port of 127.0.0.1 nobody listens on at this moment, from below the ports a system lends to outgoing
 * connections (RFC 6335 §6, Linux from 32768): one of those may be lent away before its finder listens on it.
 */
export async function freePort(): Promise<number> {
  for (let left = tries; left > 0; left -= 1) {
    const port = randomInt(lowest, highest)
    if (await isFree(port)) return port
  }
  throw new Error(`of ${tries} ports between ${lowest} and ${highest} none was free`)
}

function isFree(port: number) {
  return new Promise<boolean>((resolve) => {
    const probe = net.createServer()
    probe.once('error', () => resolve(false))
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)))
  })
}
