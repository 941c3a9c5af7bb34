/** A start that cannot succeed, said in one sentence the operator can act on. Printed without a stack. */
export class StartError extends Error {
  override name = 'StartError'
}
