import { AppError } from '#shared/errors'
import { openServices, type Services } from '#server/domain/services'
import { config } from './config.ts'

let opening: Promise<Services> | undefined

/** The use cases' surroundings, opened at the first call; a failed attempt is tried again by the next. @throws AppError unavailable */
export function getServices(): Promise<Services> {
  opening ??= open().catch((error: unknown) => {
    opening = undefined
    throw error
  })
  return opening
}

async function open() {
  const { supabase, masterKeys, isDemo, publicUrl, blobDir } = config()
  if (!supabase) throw new AppError('unavailable')
  return openServices({ supabase, masterKeys, isDemo, publicUrl, ...(blobDir && { blobFolder: blobDir }) })
}
