import { tellAlertStories } from './alert-stories.ts'

tellAlertStories('en')
