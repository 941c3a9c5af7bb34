// Nitro serves assets compressed, but not what it renders or answers.
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import { appendResponseHeader, getRequestHeader, getResponseHeader, setResponseHeader } from 'h3'
import { defineNitroPlugin } from 'nitropack/runtime'

// A page is a few kilobytes: 0.1 ms here, less than the trip to a worker thread (asynchronous brotli cost a third of the
// throughput, measured). A small window keeps the encoder small.
const params = { [constants.BROTLI_PARAM_QUALITY]: 5, [constants.BROTLI_PARAM_LGWIN]: 16, [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT }
const encodings = { br: (body: string) => brotliCompressSync(body, { params }), gzip: (body: string) => gzipSync(body) }

export default defineNitroPlugin(({ hooks }) => {
  hooks.hook('beforeResponse', (event, response) => {
    if ('__unenv__' in event.node.req) return // Nitro calling itself: nobody would unpack it
    if (getResponseHeader(event, 'content-encoding')) return
    const text = textOf(response.body)
    if (text === undefined || text.length < 1024) return
    appendResponseHeader(event, 'vary', 'accept-encoding')
    const accepted = getRequestHeader(event, 'accept-encoding') ?? ''
    const encoding = accepted.includes('br') ? 'br' : accepted.includes('gzip') ? 'gzip' : undefined
    if (!encoding) return
    // h3 names the type of an object when it writes it as JSON; these bytes are written already.
    if (typeof response.body !== 'string' && !getResponseHeader(event, 'content-type')) setResponseHeader(event, 'content-type', 'application/json')
    setResponseHeader(event, 'content-encoding', encoding)
    response.body = encodings[encoding](text)
  })
})

/** What will be written as text: a page, or an answer that h3 would write as JSON. Bytes and streams are left alone. */
function textOf(body: unknown): string | undefined {
  if (typeof body === 'string') return body
  if (Array.isArray(body) || (typeof body === 'object' && body !== null && Object.getPrototypeOf(body) === Object.prototype)) return JSON.stringify(body)
  return undefined
}
