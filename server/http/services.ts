export { getServices } from '../services.ts'
