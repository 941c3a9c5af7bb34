// One line a request and one count: route pattern, status, milliseconds. No path, no address, no agent (RULES C2).
import { getResponseStatus } from 'h3'
import { defineNitroPlugin } from 'nitropack/runtime'
import { log } from '../http/log.ts'
import { countRequest } from '../http/metrics.ts'
import { requestId } from '../http/request-facts.ts'
import { routePattern } from '../http/route-pattern.ts'

export default defineNitroPlugin(({ hooks }) => {
  hooks.hook('request', (event) => {
    if ('__unenv__' in event.node.req || event.path.startsWith('/_')) return
    const startedAt = performance.now()
    // Not Nitro's own hook: it is not called for errors.
    event.node.res.once('close', () => {
      const milliseconds = Math.round((performance.now() - startedAt) * 10) / 10
      const { req, res } = event.node
      // The sender went away, or was too slow: nobody heard a status.
      const route = routePattern(event)
      countRequest({ method: req.method ?? '', route, status: res.writableFinished ? getResponseStatus(event) : 'broken_off', milliseconds })
      const outcome = res.writableFinished ? { status: getResponseStatus(event) } : { isBrokenOff: true }
      log().info({ requestId: requestId(event), method: req.method, route, ...outcome, milliseconds })
    })
  })
  hooks.hook('close', () => log().flush())
})
