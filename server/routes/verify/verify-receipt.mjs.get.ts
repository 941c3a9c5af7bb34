import { defineEventHandler, setResponseHeaders } from 'h3'
import script from 'raw:../../../scripts/verify-receipt.mjs'

/** The program that checks a saved receipt without us. */
export default defineEventHandler((event) => {
  setResponseHeaders(event, { 'content-type': 'text/javascript; charset=utf-8', 'content-disposition': 'attachment; filename="verify-receipt.mjs"', 'cache-control': 'public, max-age=3600' })
  return script
})
