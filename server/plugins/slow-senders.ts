// Nitro makes its server by itself and offers no setting for it: Node says on a channel when a server begins to listen.
import { subscribe } from 'node:diagnostics_channel'
import { Server } from 'node:http'
import { defineNitroPlugin } from 'nitropack/runtime'
import { endSlowSenders } from '../http/slow-senders.ts'

export default defineNitroPlugin(() => {
  subscribe('tracing:net.server.listen:asyncStart', (message) => {
    if (typeof message === 'object' && message !== null && 'server' in message && message.server instanceof Server) endSlowSenders(message.server)
  })
})
