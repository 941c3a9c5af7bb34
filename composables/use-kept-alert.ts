import { alertFormSchema, type AlertForm } from '#shared/alerts/alert-form'

const prefix = 'linli.desk.alert.'
const nameOf = (person: string, alert: string) => `${prefix}${person}.${alert}`

/** What was typed about an alert and not saved: kept for this person in this tab. @param alert its identifier, or `new` */
export function readKeptAlert(person: string, alert: string): AlertForm | undefined {
  const kept = sessionStorage.getItem(nameOf(person, alert))
  return kept === null ? undefined : alertFormSchema.safeParse(JSON.parse(kept)).data
}
export const keepAlert = (person: string, alert: string, form: AlertForm) => sessionStorage.setItem(nameOf(person, alert), JSON.stringify(form))
export const dropAlert = (person: string, alert: string) => sessionStorage.removeItem(nameOf(person, alert))

/** All of this tab, or all that are not this person's: nobody finds what a colleague typed. */
export function dropAlerts(except?: string) {
  const ours = except && nameOf(except, '')
  for (const name of Object.keys(sessionStorage)) if (name.startsWith(prefix) && !(ours && name.startsWith(ours))) sessionStorage.removeItem(name)
}
