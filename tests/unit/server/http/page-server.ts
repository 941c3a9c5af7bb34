import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createApp, createRouter, defineEventHandler, getResponseStatus, toNodeListener, type EventHandler, type Router } from 'h3'
import handleError from '../../../../server/error-handler.ts'

const nitro: { router?: Router } = {}
/** Stands in for Nitro: `vi.mock('nitropack/runtime', async () => (await import('./page-server.ts')).nitroRuntime)`. */
export const nitroRuntime = { useNitroApp: () => nitro }

/**
 * Our handlers over HTTP, with a page renderer that writes down what a page would see. Routes are named
 * `GET /:locale/reports/new`.
 */
export async function startPages(routes: Record<string, EventHandler>) {
  const router = createRouter({ preemptive: true })
  for (const [route, handler] of Object.entries(routes)) {
    const [method = 'GET', path = '/'] = route.split(' ')
    router.add(path, handler, method === 'POST' ? 'post' : method === 'DELETE' ? 'delete' : 'get')
  }
  router.use('/**', defineEventHandler(async (event) => {
    await Promise.resolve() // Nuxt's renderer, too, looks at the request only after its first hook
    return { rendered: event.path, method: event.method, status: getResponseStatus(event), data: event.context.page ?? null, form: event.context.form ?? null }
  }))
  nitro.router = router
  const app = createApp({ onError: handleError })
  app.use(router.handler)
  const server = createServer(toNodeListener(app))
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo

  return {
    send: (path: string, init: RequestInit = {}) => fetch(`http://127.0.0.1:${port}${path}`, { redirect: 'manual', ...init, headers: { 'accept': 'application/json', 'sec-fetch-site': 'same-origin', ...Object.fromEntries(new Headers(init.headers)) } }),
    stop: () => new Promise<void>((resolve) => { server.close(() => resolve()); server.closeAllConnections() }),
  }
}
