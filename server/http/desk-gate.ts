import { AppError } from '#shared/errors'

/** Where to go after `work`; staff whose session has to show a code first (RULES A5) go to the page that asks for it. */
export async function orDeskGate(locale: string, work: () => Promise<string>): Promise<string> {
  try {
    return await work()
  }
  catch (thrown) {
    if (thrown instanceof AppError && (thrown.code === 'second_factor_required' || thrown.code === 'session_locked')) return `/${locale}/desk/unlock?next=/${locale}/desk/sessions`
    throw thrown
  }
}
