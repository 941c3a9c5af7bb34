/** A signed-in person, as the session cookie proved. */
export interface Actor {
  userId: string
  sessionId: string
  /** Their own JWT: what they read and do runs under it. */
  accessToken: string
  email: string
}
