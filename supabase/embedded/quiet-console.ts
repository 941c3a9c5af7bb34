import { AsyncLocalStorage } from 'node:async_hooks'

const insideLibrary = new AsyncLocalStorage<{ where: string }>()
const METHODS = ['log', 'info', 'warn', 'error', 'debug'] as const
let isInstalled = false

/**
 * Runs library code whose console output may hold SQL parameters and addresses. What it prints is replaced by one line
 * with the kind of request and the error's code; code outside is not touched.
 */
export function withoutPersonalOutput<T>(where: string, work: () => Promise<T>): Promise<T> {
  install()
  return insideLibrary.run({ where }, work)
}

function install() {
  if (isInstalled) return
  isInstalled = true
  for (const method of METHODS) {
    const original = console[method].bind(console)
    console[method] = (...parts: unknown[]) => {
      const library = insideLibrary.getStore()
      if (!library) return original(...parts)
      const code = parts.map(codeOf).find(Boolean)
      // Expected refusals of the database are answers, not events.
      if (code && !/^(XX|57|58|53|08)/.test(code)) return
      if (method === 'error') process.stderr.write(`embedded backend: ${library.where} failed${code ? ` (${code})` : ''}\n`)
    }
  }
}

function codeOf(part: unknown): string | undefined {
  return typeof part === 'object' && part !== null && 'code' in part && typeof part.code === 'string' ? part.code.slice(0, 20) : undefined
}
