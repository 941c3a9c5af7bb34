// A wrong setting stops the start, with a sentence that names it.
import { defineNitroPlugin } from 'nitropack/runtime'
import { config, ConfigError } from '../config.ts'

export default defineNitroPlugin(() => {
  try {
    config()
  }
  catch (error) {
    if (!(error instanceof ConfigError)) throw error
    process.stderr.write(`${error.message}\n`)
    process.exit(1)
  }
})
