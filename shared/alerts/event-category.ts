/* What somebody knows about an alert is mostly a report of this kind; they may choose another. Codes of supabase/seeds/040-alert-events.sql and 010-categories.sql. */

const categories = new Map(Object.entries({
  burglary: 'theft', theft: 'theft', phone_scam: 'fraud', doorstep_scam: 'fraud', robbery: 'violence', violence: 'violence', wanted_person: 'suspicious', suspicious_activity: 'suspicious',
  fire_hazard: 'fire_hazard', gas_leak: 'fire_hazard', falling_objects: 'fire_hazard', electric_bike_safety: 'fire_hazard', road_closure: 'traffic', road_accident: 'traffic',
}))

/** The category that is chosen beforehand for what somebody knows about such an event; undefined: none comes to mind. */
export const categoryOfEvent = (event: string): string | undefined => categories.get(event)
